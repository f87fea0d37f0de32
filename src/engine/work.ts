import type { SyncResult } from '../model/event'
import { migrateLog } from '../outbox/migrate-log'
import { parkOrphans } from '../outbox/park-orphans'
import { select } from '../outbox/select'
import type { Term } from '../outbox/term'
import { isTermOver } from '../outbox/term-over'
import { timed } from '../outbox/timed'
import type { WaitingRecord } from '../outbox/waiting'
import type { PullScope } from '../protocol/protocol'
import { nothingPulled, Pull, type Pulled } from '../pull/pull'
import { acknowledge } from '../push/acknowledge'
import { Push } from '../push/push'
import { storageReason } from '../storage/storage-error'
import { Decisions, type DecisionsHeard } from './decisions'
import { InSync } from './in-sync'
import { Lane } from './lane'
import { Mutex } from './mutex'
import { noLongerThan } from './no-longer-than'
import { nothingPushed, type Pushed, PushLane } from './push-lane'
import { sweepReceipts } from './sweep-receipts'

/** ms a run waits for decisions of the app. */
const patience = 10_000

/** What a leader does during its term: pushes, pulls, and both as one cycle; each one at a time. */
export class Work {
  readonly #term: Term
  readonly #push: Push
  readonly #pull: Pull
  readonly #pushLane: Lane<Pushed>
  readonly #more: () => void
  readonly #pullLanes = new Map<string, Lane<Pulled>>()
  /** Tables whose rows have no order are never pushed and pulled at once (I8). */
  readonly #unordered = new Mutex()

  readonly #decisions: Decisions
  /** Those who wait until everything is in sync. */
  readonly inSync = new InSync()

  constructor(term: Term, heard: DecisionsHeard) {
    this.#term = term
    this.#decisions = new Decisions(term, heard)
    this.#push = new Push(term)
    this.#pull = new Pull(term, (acknowledged) => acknowledge(term, acknowledged))
    const pushLane = new PushLane({
      term,
      push: {
        run: (mayLeave, takesLater) => this.#guardPush(() => this.#push.run(mayLeave, takesLater)),
        hasRoom: (table) => this.#push.hasRoom(table),
        more: () => this.#push.more(),
      },
      look: (scope) => this.pullScope(scope, true),
    })
    this.#more = () => pushLane.more()
    this.#pushLane = new Lane(() => timed(term, 'push', () => this.#told(() => pushLane.run())))
    for (const scope of term.protocol.scopes)
      this.#pullLanes.set(
        scope.name,
        new Lane(() => timed(term, `pull:${scope.name}`, () => this.#pullOnce(scope))),
      )
  }

  async begin(): Promise<void> {
    await this.#term.outbox.load()
    await migrateLog(this.#term)
    await this.#pull.load()
  }

  get hasSynced(): boolean {
    return this.#pull.hasSynced
  }

  /** When something that waits for its time may go, ms of the wall clock. */
  nextDue(): number | undefined {
    return this.#push.nextDue()
  }

  /** ms until what found the disk full is to be pulled again; undefined = nothing. */
  get restsFor(): number | undefined {
    return this.#pull.restsFor(this.#scopesOf())
  }

  /** Somebody asks for it: nothing rests. */
  hurry(): void {
    this.#pull.hurry()
  }

  /** A local change has been committed while a push runs: it need not wait for the end of that. */
  more(): void {
    this.#push.more()
    this.#more()
  }

  /** Sends what waits. */
  async push(): Promise<SyncResult> {
    const started = this.#begun()
    return this.#toTheEnd(started, await this.#pushLane.run(), [])
  }

  /** Fetches what is new, of all tables or those named. */
  async pull(tables?: readonly string[]): Promise<SyncResult> {
    const started = this.#begun()
    return this.#toTheEnd(started, nothingPushed, this.#scopesOf(tables))
  }

  /** One whole cycle: what waits leaves, what is new arrives. What was looked at for the push is not fetched again. */
  sync(tables?: readonly string[]): Promise<SyncResult> {
    return timed(this.#term, 'sync', () => this.#cycle(tables))
  }

  async #cycle(tables?: readonly string[]): Promise<SyncResult> {
    const { emit } = this.#term
    const started = this.#begun()
    const succeeded = this.inSync.cycleBegins()
    emit('sync-start', {})
    const pushed = await this.#pushLane.run()
    const scopes = this.#scopesOf(tables).filter(({ name }) => !pushed.looked.includes(name))
    const result = await this.#toTheEnd(started, pushed, scopes)
    // Until a resync has ended, receipts speak for rows that were made after the server had listed their place.
    if (!this.#pull.resyncing) await sweepReceipts(this.#term)
    if (!result.reason && !tables && this.#isWhole()) succeeded()
    if (result.reason) emit('sync-error', { reason: result.reason })
    emit('sync-complete', result)
    return result
  }

  /** Nothing was left out: a cycle that was cut short by a pause or the end of the term has not seen everything. */
  #isWhole(): boolean {
    const { halted, isPaused, protocol } = this.#term
    return !halted() && !protocol.tables.some(({ name }) => isPaused(name))
  }

  /** Fetches everything once more, of all tables or those named, and removes what the server does not list any more. */
  async resync(tables?: readonly string[]): Promise<SyncResult> {
    const started = this.#begun()
    const scopes = this.#term.protocol.scopes.filter(
      (scope) => !tables || scope.tables.some((table) => tables.includes(table)),
    )
    for (const scope of scopes) this.#pull.restart(scope)
    const pulls: Pulled[] = []
    for (const scope of scopes) pulls.push(await this.pullScope(scope))
    return this.#result(started, [], pulls)
  }

  async pullScope(scope: PullScope, join = false): Promise<Pulled> {
    const lane = this.#pullLanes.get(scope.name)!
    return (join ? lane.running : undefined) ?? lane.run()
  }

  /**
   * A run somebody asked for: it ends when what it left undecided is decided and has gone as well. A person in front of a
   * dialog is not waited for.
   */
  async withDecisions(run: Promise<SyncResult>): Promise<SyncResult> {
    const before = this.#decisions.count
    const result = await run
    await noLongerThan(patience, this.#decisions.quiet(), this.#term.env)
    const decided = this.#decisions.count - before
    if (decided === 0) return result
    const after = await this.push()
    return {
      ...after,
      pushed: result.pushed + after.pushed,
      failed: result.failed + after.failed,
      pulled: result.pulled + after.pulled,
      conflicts: result.conflicts + after.conflicts + decided,
      duration: result.duration + after.duration,
    }
  }

  /** Resolves when nothing runs any more; the app is waited for no longer. */
  async idle(): Promise<void> {
    await this.#decisions.idle()
    await this.#pushLane.idle()
    for (const lane of this.#pullLanes.values()) await lane.idle()
  }

  /** A run begins: the monotonic time, ms. */
  #begun(): number {
    const { protocol, env } = this.#term
    protocol.login?.begin()
    return env.monotonic()
  }

  #scopesOf(tables?: readonly string[]): PullScope[] {
    const { protocol, isPaused } = this.#term
    return protocol.scopes.filter(
      (scope) =>
        (!tables || scope.tables.some((table) => tables.includes(table))) &&
        // One checkpoint covers them all, so their rows come together.
        !scope.tables.every((table) => isPaused(table)),
    )
  }

  /**
   * Pulls `scopes`, and whatever follows from that: what the server has only heard is confirmed by a page, and a page
   * that confirms sets free what was written meanwhile. Ends when nothing more is confirmed, or was left by a run that was cut.
   */
  async #toTheEnd(started: number, begun: Pushed, scopes: readonly PullScope[]): Promise<SyncResult> {
    const pushes = [begun]
    const pulls = [...begun.looks]
    for (let pushed = begun, asked = scopes; ; asked = []) {
      const round = await this.#pullAll(pushed.heard > 0 ? this.#scopesOf() : asked)
      pulls.push(...round)
      const confirmed = round.some(({ accepted, refused }) => accepted + refused > 0)
      const { outbox, isPaused } = this.#term
      const mayLeave = (record: WaitingRecord) => !isPaused(record.table) && !outbox.isUndecided(record)
      const next = select(outbox.waiting.records(), 1, mayLeave)
      if (!(confirmed || this.#push.wasCut) || next.length === 0 || this.#away())
        return this.#result(started, pushes, pulls)
      pushed = await this.#pushLane.run()
      pushes.push(pushed)
      pulls.push(...pushed.looks)
    }
  }

  async #pullAll(scopes: readonly PullScope[]): Promise<Pulled[]> {
    const done: Pulled[] = []
    for (const scope of scopes) if (!this.#away()) done.push(await this.pullScope(scope))
    return done
  }

  #away(): boolean {
    const { over, halted, origin } = this.#term
    return over.aborted || halted() || origin.wait > 0
  }

  async #pullOnce(scope: PullScope): Promise<Pulled> {
    const { emit, tables, env } = this.#term
    const ordered = scope.tables.every((table) => tables.get(table)?.orderField !== undefined)
    const started = env.monotonic()
    emit('pull-start', { tables: scope.tables })
    const run = () => this.#pull.run(scope)
    const pull = ordered ? run() : this.#unordered.run(() => this.#whenSettled(scope, run))
    const pulled = await pull.catch((error: unknown) => {
      emit('pull-error', { reason: storageReason(error, env.now()), tables: scope.tables })
      throw error
    })
    if (pulled.complete) for (const table of scope.tables) await parkOrphans(this.#term, table)
    if (pulled.reason) emit('pull-error', { reason: pulled.reason, tables: scope.tables })
    const done = this.#result(started, [], [pulled])
    emit('pull-complete', { ...done, tables: scope.tables, complete: pulled.complete })
    this.#decisions.begin()
    return pulled
  }

  /** Without an order, a page may not be asked for while a request of the table has no outcome. */
  async #whenSettled({ tables }: PullScope, run: () => Promise<Pulled>): Promise<Pulled> {
    const open = [...this.#term.outbox.fences.values()].find(({ items }) =>
      items.some(({ table }) => tables.includes(table)),
    )
    if (!open || this.#term.protocol.order === 'pull-first') return run()
    return { ...nothingPulled, complete: false, ...(open.reason && { reason: open.reason }) }
  }

  #guardPush<T>(task: () => Promise<T>): Promise<T> {
    const allOrdered = [...this.#term.tables.values()].every(({ orderField }) => orderField !== undefined)
    return allOrdered ? task() : this.#unordered.run(task)
  }

  async #told(task: () => Promise<Pushed>): Promise<Pushed> {
    const { emit, env, outbox } = this.#term
    const started = env.monotonic()
    this.#push.begin()
    emit('push-start', { waiting: outbox.waiting.count })
    try {
      const pushed = await task()
      emit('push-complete', this.#result(started, [pushed], []))
      this.#decisions.begin()
      return pushed
    } catch (error) {
      if (!isTermOver(error)) emit('push-error', { reason: storageReason(error, env.now()) })
      throw error
    }
  }

  #result(started: number, pushes: readonly Pushed[], pulls: readonly Pulled[]): SyncResult {
    const all = [...pushes, ...pulls]
    const reason = all.find((one) => one.reason)?.reason ?? this.#term.trouble()
    return {
      pushed: all.reduce((sum, { accepted }) => sum + accepted, 0),
      failed: all.reduce((sum, { refused }) => sum + refused, 0),
      pulled: pulls.reduce((sum, { applied }) => sum + applied, 0),
      conflicts: all.reduce((sum, { conflicts }) => sum + conflicts, 0),
      duration: this.#term.env.monotonic() - started,
      ...(reason && { reason }),
    }
  }
}
