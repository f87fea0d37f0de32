import type { Acknowledged, Checkpoint, Page } from '../model/checkpoint'
import type { Reason } from '../model/outcome'
import { checkEpoch } from '../outbox/leader-check'
import type { Term } from '../outbox/term'
import type { PullAnswer, PullScope } from '../protocol/protocol'
import { storageReason } from '../storage/storage-error'
import { applyPage, isPageOutdated } from './apply'
import { Asking } from './asking'
import { beginAnew, hasPulledAll, isDueAgain, isEmptyPage, isRepeated } from './checkpoints'
import { Listing } from './listing'
import { type Room, withoutRoom } from './room'
import { sweep } from './sweep'

/** `accepted` and `refused`: changes that were sent before, and of which a page told what became of them. */
export interface PulledCounts {
  readonly applied: number
  readonly accepted: number
  readonly refused: number
  readonly conflicts: number
}

export const nothingPulled: PulledCounts = { applied: 0, accepted: 0, refused: 0, conflicts: 0 }

type Acknowledge = (acknowledged: readonly Acknowledged[]) => Promise<Omit<PulledCounts, 'applied'>>

/** What a pull of one scope did, and whether it reached the end. */
export interface Pulled extends PulledCounts {
  readonly complete: boolean
  readonly reason?: Reason
}

/** Pulls scopes page by page (station 4), the next page asked for while one is applied. */
export class Pull {
  readonly #term: Term
  readonly #asking: Asking
  readonly #checkpoints = new Map<string, Checkpoint>()
  /** The last page of each scope. */
  readonly #last = new Map<string, Page>()
  /** Warnings are said once a term. */
  readonly #said = new Set<string>()
  readonly #rooms = new Map<string, Room>()
  readonly #acknowledge: Acknowledge
  /** Scopes that are to be pulled from their start. */
  readonly #restarts = new Set<string>()
  /** What the server has listed of each scope that is being pulled from its start. */
  readonly #listings = new Map<string, Listing>()

  /** `acknowledge` settles what a page says of earlier requests, before the page's rows are applied. */
  constructor(term: Term, acknowledge: Acknowledge) {
    this.#term = term
    this.#asking = new Asking(term, ({ name }) => this.#rooms.get(name)?.limit ?? term.settings.pageSize)
    this.#acknowledge = acknowledge
  }

  /** Reads the checkpoints, at the begin of a term. */
  async load(): Promise<void> {
    const stored = await this.#term.storage.read(['_sync_checkpoints'], (tx) =>
      tx.scan<Checkpoint>('_sync_checkpoints'),
    )
    this.#checkpoints.clear() // one that vanished is not to be asked from again
    for (const checkpoint of stored) this.#checkpoints.set(checkpoint.scope, checkpoint)
  }

  /** Whether every scope has once been pulled to its end. */
  get hasSynced(): boolean {
    return hasPulledAll(this.#term.protocol.scopes, this.#checkpoints.values())
  }

  /** Whether a resync goes on. */
  get resyncing(): boolean {
    return [...this.#checkpoints.values()].some(({ sweep }) => sweep)
  }

  /** The next run of a scope begins at its start, and removes what the server does not list any more. */
  restart({ name }: PullScope): void {
    this.#restarts.add(name)
  }

  async run(scope: PullScope): Promise<Pulled> {
    const { settings, env } = this.#term
    if (this.#mustRestart(scope)) await this.#beginAnew(scope)
    if (this.#stopped() || scope.tables.every((table) => this.#term.isPaused(table)))
      return { ...nothingPulled, complete: false, ...this.#trouble() }
    const full = this.#rooms.get(scope.name)
    if (full && env.monotonic() < full.restUntil)
      return { ...nothingPulled, complete: false, reason: full.reason }
    let counts = nothingPulled
    let forgotten = false
    let next = this.#asking.ask(scope, this.#checkpoints.get(scope.name))
    for (let pages = 1; ; pages += 1) {
      const answer = await next
      if (answer.kind === 'failed' && !forgotten && this.#wasForgotten(scope, answer)) {
        forgotten = true
        await this.#beginAnew(scope)
        next = this.#asking.ask(scope, this.#checkpoints.get(scope.name))
        continue
      }
      if (answer.kind === 'failed') return { ...counts, complete: false, reason: this.#reasonOf(answer) }
      // It was asked for while somebody else was logged in than now (I11): it comes again when they are back.
      if (!this.#term.ours()) return { ...counts, complete: false, ...this.#trouble() }
      const { page } = answer
      const goesOn = page.more && pages < settings.maxPages && !this.#stopped()
      if (goesOn) next = this.#asking.behind(page, scope, this.#checkpoints.get(scope.name))
      const taken = await this.#take(scope, page).catch((error: unknown) => this.#noRoom(scope, error))
      if ('reason' in taken) return { ...counts, complete: false, reason: taken.reason }
      counts = add(counts, taken)
      if (page.more || pages > 1) this.#tellProgress(scope, counts.applied, page)
      if (!page.more) {
        this.#rooms.delete(scope.name)
        return this.#ended(scope, counts)
      }
      if (!goesOn) return { ...counts, complete: false, ...this.#trouble() }
    }
  }

  #mustRestart(scope: PullScope): boolean {
    const { name } = scope
    const checkpoint = this.#checkpoints.get(name)
    if (this.#restarts.delete(name)) return true
    if (checkpoint && isDueAgain(this.#term, scope, checkpoint)) return true
    // An earlier leader began, and nobody knows what it was told.
    return checkpoint?.sweep === true && this.#listings.get(name)?.generation !== checkpoint.generation
  }

  async #beginAnew(scope: PullScope): Promise<void> {
    const { storage, epoch, outbox, env } = this.#term
    const checkpoint = beginAnew(scope, this.#checkpoints.get(scope.name), env.now())
    await storage.write(['_sync_checkpoints', '_sync_leader'], async (tx) => {
      await checkEpoch(tx, epoch)
      await tx.put('_sync_checkpoints', [checkpoint])
    })
    this.#checkpoints.set(scope.name, checkpoint)
    this.#last.delete(scope.name)
    this.#listings.set(scope.name, new Listing(checkpoint.generation, outbox.statesWritten))
  }

  /** The server does not know any more what changed since our checkpoint (410, FAULTS B10). */
  #wasForgotten({ name }: PullScope, { reason }: Extract<PullAnswer, { kind: 'failed' }>): boolean {
    const isGone = reason.status === 410 && reason.code === 'not-found'
    return isGone && this.#checkpoints.get(name)?.value !== undefined
  }

  /** The last page has come: a resync ends with it. */
  async #ended(scope: PullScope, counts: PulledCounts): Promise<Pulled> {
    const checkpoint = this.#checkpoints.get(scope.name)
    const listing = this.#listings.get(scope.name)
    if (!checkpoint?.sweep || !listing) return { ...counts, complete: true }
    const swept = await sweep(this.#term, scope, listing, checkpoint)
    this.#checkpoints.set(scope.name, swept.checkpoint)
    this.#listings.delete(scope.name)
    const reason = { code: 'mass-delete' as const, at: this.#term.env.now() }
    const { applied, conflicts, kept } = swept
    return {
      ...add(counts, { ...nothingPulled, applied, conflicts }),
      complete: true,
      ...(kept && { reason }),
    }
  }

  /** ms until one of these scopes, having found the disk full, is to ask again; undefined = none rests. */
  restsFor(scopes: readonly PullScope[]): number | undefined {
    const until = scopes.flatMap(({ name }) => this.#rooms.get(name)?.restUntil ?? [])
    return until.length > 0 ? Math.max(0, Math.min(...until) - this.#term.env.monotonic()) : undefined
  }

  /** Somebody asks for it: a scope that rests, since the disk was full, tries at once. */
  hurry(): void {
    for (const [name, room] of this.#rooms) this.#rooms.set(name, { ...room, restUntil: 0 })
  }

  /** The page found no room on the disk: its transaction rolled back, its checkpoint stands where it was. */
  #noRoom({ name }: PullScope, error: unknown): { readonly reason: Reason } {
    const { env, settings, emit } = this.#term
    const reason = storageReason(error, env.now())
    if (reason.code !== 'quota-exceeded') throw error
    this.#rooms.set(name, withoutRoom(this.#rooms.get(name), settings.pageSize, env.monotonic(), reason))
    emit('storage-error', { reason })
    return { reason }
  }

  async #take(scope: PullScope, page: Page): Promise<PulledCounts> {
    const from = this.#checkpoints.get(scope.name)
    this.#listings.get(scope.name)?.add(page, (table) => this.#term.outbox.keyReader(table))
    this.#tellTroubles(scope, page)
    const { acknowledged = [] } = page
    const told =
      acknowledged.length > 0
        ? { ...nothingPulled, ...(await this.#acknowledge(acknowledged)) }
        : nothingPulled
    if (isEmptyPage(page, from) || isRepeated(page, this.#last.get(scope.name), from)) return told
    const done = await applyPage(this.#term, scope, page, from).catch(async (error: unknown) => {
      if (isPageOutdated(error)) await this.load() // the next run asks from where the database stands
      throw error
    })
    this.#checkpoints.set(scope.name, done.checkpoint)
    this.#last.set(scope.name, page)
    return add(told, { ...nothingPulled, applied: done.applied, conflicts: done.conflicts })
  }

  #stopped(): boolean {
    const { over, halted, origin } = this.#term
    return over.aborted || halted() || origin.wait > 0
  }

  #reasonOf({ reason }: Extract<PullAnswer, { kind: 'failed' }>): Reason {
    return reason.code === 'stopped' ? (this.#term.trouble() ?? reason) : reason // our own doing
  }

  #trouble(): { readonly reason?: Reason } {
    const reason = this.#term.trouble()
    return reason ? { reason } : {}
  }

  #tellProgress({ tables }: PullScope, done: number, { total }: Page): void {
    const [table] = tables
    this.#term.emit('progress', {
      phase: 'pull',
      done,
      ...(tables.length === 1 && table !== undefined && { table }),
      ...(total !== undefined && { total }),
    })
  }

  #tellTroubles({ name }: PullScope, { quarantined = [], warnings = [] }: Page): void {
    const { emit, env } = this.#term
    for (const warning of warnings) {
      const text = `pull of ${name}: ${warning}`
      if (!this.#said.has(text)) env.warn(text)
      this.#said.add(text)
    }
    const codes = new Map<string, { table: string; count: number }>()
    for (const { table, code } of quarantined)
      codes.set(`${table} ${code}`, { table, count: (codes.get(`${table} ${code}`)?.count ?? 0) + 1 })
    for (const [name, { table, count }] of codes)
      emit('quarantine', { table, code: name.split(' ').at(-1)!, count })
  }
}

function add(a: PulledCounts, b: PulledCounts): PulledCounts {
  return {
    applied: a.applied + b.applied,
    accepted: a.accepted + b.accepted,
    refused: a.refused + b.refused,
    conflicts: a.conflicts + b.conflicts,
  }
}
