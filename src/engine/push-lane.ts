import type { Reason } from '../model/outcome'
import { migrateLog } from '../outbox/migrate-log'
import { parkMassDeletes } from '../outbox/park-mass-deletes'
import type { Term } from '../outbox/term'
import type { WaitingRecord } from '../outbox/waiting'
import type { PullScope } from '../protocol/protocol'
import type { Pulled } from '../pull/pull'
import { addSettled, nothingSettled, type Settled } from '../push/job'
import type { Push } from '../push/push'
import { lookAtRecords } from './look'
import { leavesAtOnce } from './order'

export interface PushParts {
  readonly term: Term
  readonly push: Pick<Push, 'run' | 'hasRoom' | 'more'>
  /** Pulls a scope to its end: the look before its tables' changes leave. */
  readonly look: (scope: PullScope) => Promise<Pulled>
}

/** What one run of the push lane did. */
export interface Pushed extends Settled {
  /** Scopes that were looked at to their end. */
  readonly looked: readonly string[]
  /** What looking brought. */
  readonly looks: readonly Pulled[]
  readonly reason?: Reason
}

/** What looks have brought, and which records may leave on them. */
interface Seen {
  readonly mayLeave: (record: WaitingRecord) => boolean
  readonly scopes: readonly string[]
  readonly looks: readonly Pulled[]
  readonly reason?: Reason
}

export const nothingPushed: Pushed = { ...nothingSettled, looked: [], looks: [] }

/**
 * Sends what waits, in the order `DESIGN` 6 gives: what needs no look leaves at once; then each table with other
 * changes is looked at, and what its look leaves standing goes. Where the pull comes first nothing leaves before it, not
 * even what was sent already: the page may tell that it has arrived.
 */
export class PushLane {
  readonly #parts: PushParts
  /** Since when a record could not be looked at, monotonic, ms. */
  #blind = new Map<string, number>()
  #hasMore = false
  #wake: () => void = () => {}

  constructor(parts: PushParts) {
    this.#parts = parts
  }

  /** More waits: what needs no look does not wait for the looks that are under way. */
  more(): void {
    this.#hasMore = true
    this.#wake()
  }

  async run(): Promise<Pushed> {
    const { term, push } = this.#parts
    this.#hasMore = false
    await term.outbox.refresh()
    if (term.outbox.waiting.count === 0) return nothingPushed
    await migrateLog(term)
    await parkMassDeletes(term)
    let seen: Seen | undefined
    const mayLeave = (record: WaitingRecord) =>
      leavesAtOnce(term, record) || (seen?.mayLeave(record) ?? false)
    const send = (takesLater?: () => boolean) => push.run(mayLeave, takesLater)
    const atOnce = this.#pullsFirst ? nothingSettled : await send()
    const waiting = this.#unlooked()
    if (waiting.length === 0) this.#blind.clear()
    if (waiting.length === 0 || this.#stopped()) return { ...nothingPushed, ...atOnce }
    const looking = this.#look(waiting).then((all) => {
      seen = all
      push.more() // a request that was sent meanwhile may hang
      return all
    })
    // Nothing is looked at any more when this fails (I12); of two failures the first is told.
    const meanwhile = await this.#sendUntil(looking, send).finally(() => looking.catch(() => undefined))
    const { scopes, looks, reason } = await looking
    // An app that writes without end has had its turn: the next run is for what it has written since.
    const looked = await send(() => false)
    return {
      ...addSettled(addSettled(atOnce, meanwhile), looked),
      looked: scopes,
      looks,
      ...(reason && { reason }),
    }
  }

  /** A look may take long: what is written meanwhile and needs none leaves. */
  async #sendUntil(
    looking: Promise<unknown>,
    send: (takesLater: () => boolean) => Promise<Settled>,
  ): Promise<Settled> {
    let total = nothingSettled
    let over = false
    // What it fails with is told where it is awaited.
    const looked = looking
      .catch(() => undefined)
      .then(() => {
        over = true
      })
    while (!this.#pullsFirst) {
      const more = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      if (!this.#hasMore) await Promise.race([looked, more])
      if (over) break
      this.#hasMore = false
      total = addSettled(total, await send(() => !over))
    }
    return total
  }

  get #pullsFirst(): boolean {
    return this.#parts.term.protocol.order === 'pull-first'
  }

  /** Records that may not leave without a look. */
  #unlooked(): WaitingRecord[] {
    const { term } = this.#parts
    return [...term.outbox.waiting.records()].filter(
      (record) =>
        record.entries.every(({ held, shape }) => held === undefined && shape === undefined) &&
        !term.outbox.isUndecided(record) &&
        !term.isPaused(record.table) &&
        term.tables.get(record.table)?.push === true &&
        this.#parts.push.hasRoom(record.table) &&
        (this.#pullsFirst || (!isUnderway(record) && !leavesAtOnce(term, record))),
    )
  }

  async #look(waiting: readonly WaitingRecord[]): Promise<Seen> {
    const { term } = this.#parts
    const tables = new Set<string>()
    const scopes: string[] = []
    const looks: Pulled[] = []
    let reason: Reason | undefined
    const wanted = new Set(
      waiting
        .filter(({ table }) => this.#pullsFirst || term.tables.get(table)!.verify === 'pull')
        .map(({ table }) => table),
    )
    for (const scope of term.protocol.scopes) {
      if (!scope.tables.some((table) => wanted.has(table)) || this.#stopped()) continue
      const pulled = await this.#parts.look(scope)
      looks.push(pulled)
      if (pulled.complete) {
        scopes.push(scope.name)
        for (const table of scope.tables) tables.add(table)
      }
      reason ??= pulled.reason
    }
    const free = waiting.filter((record) => !isUnderway(record))
    const rest = free.filter(({ table }) => !tables.has(table))
    const records = this.#stopped() ? new Set<string>() : await lookAtRecords(term, rest)
    const isSeen = ({ id, table }: WaitingRecord) => tables.has(table) || records.has(id)
    const unverified = this.#outOfPatience(free.filter((record) => !isSeen(record)))
    const mayLeave = (record: WaitingRecord) => isSeen(record) || unverified.has(record.id)
    return { mayLeave, scopes, looks, ...(reason && { reason }) }
  }

  /** Records that could not be looked at for so long that their changes leave without (`push.lookTimeout`), which is said. */
  #outOfPatience(unseen: readonly WaitingRecord[]): Set<string> {
    const { env, settings, emit, origin } = this.#parts.term
    const now = env.monotonic()
    const blind = origin.wait > 0 ? [] : unseen
    this.#blind = new Map(blind.map(({ id }) => [id, this.#blind.get(id) ?? now]))
    const late = blind.filter(({ id }) => now - this.#blind.get(id)! >= settings.lookTimeout)
    for (const { table, key } of late) emit('unverified-push', { table, key })
    return new Set(late.map(({ id }) => id))
  }

  #stopped(): boolean {
    const { over, halted, origin } = this.#parts.term
    return over.aborted || halted() || origin.wait > 0
  }
}

function isUnderway({ entries }: WaitingRecord): boolean {
  return entries.some(({ fence }) => fence !== undefined)
}
