import type { SyncResult } from '../model/event'
import type { Reason } from '../model/outcome'
import { parkOrphans } from '../outbox/park-orphans'
import type { Term } from '../outbox/term'
import type { PullScope } from '../protocol/protocol'
import { Pull, type Pulled } from '../pull/pull'
import { acknowledge } from '../push/acknowledge'
import { Push } from '../push/push'
import { isTermOver } from '../push/settle'
import { Lane } from './lane'
import { Mutex } from './mutex'
import { type Pushed, PushLane } from './push-lane'
import { sweepReceipts } from './sweep-receipts'

const nothingPushed: Pushed = { accepted: 0, refused: 0, conflicts: 0, looked: [] }

/** What a leader does during its term: pushes, pulls, and both as one cycle; each one at a time. */
export class Work {
  readonly #term: Term
  readonly #push: Push
  readonly #pull: Pull
  readonly #pushLane: Lane<Pushed>
  readonly #pullLanes = new Map<string, Lane<Pulled>>()
  /** Tables whose rows have no order are never pushed and pulled at once (I8). */
  readonly #unordered = new Mutex()

  constructor(term: Term) {
    this.#term = term
    this.#push = new Push(term)
    this.#pull = new Pull(term, (ids) => acknowledge(term, ids))
    const pushLane = new PushLane({
      term,
      push: { run: (mayLeave) => this.#guardPush(() => this.#push.run(mayLeave)) },
      look: (scope) => this.pullScope(scope, true),
    })
    this.#pushLane = new Lane(() => this.#told(() => pushLane.run()))
    for (const scope of term.protocol.scopes)
      this.#pullLanes.set(scope.name, new Lane(() => this.#pullOnce(scope)))
  }

  async begin(): Promise<void> {
    await this.#term.outbox.load()
    await this.#pull.load()
  }

  get hasSynced(): boolean {
    return this.#pull.hasSynced
  }

  /** When something that waits for its time may go, ms of the wall clock. */
  nextDue(): number | undefined {
    return this.#push.nextDue()
  }

  /** Sends what waits. */
  async push(): Promise<SyncResult> {
    const started = this.#term.env.monotonic()
    return this.#result(started, await this.#pushLane.run(), [])
  }

  /** Fetches what is new, of all tables or those named. */
  async pull(tables?: readonly string[]): Promise<SyncResult> {
    const started = this.#term.env.monotonic()
    return this.#result(started, nothingPushed, await this.#pullAll(this.#scopesOf(tables)))
  }

  /** One whole cycle: what waits leaves, what is new arrives. What was looked at for the push is not fetched again. */
  async sync(tables?: readonly string[]): Promise<SyncResult> {
    const { emit, env } = this.#term
    const started = env.monotonic()
    emit('sync-start', {})
    const pushed = await this.#pushLane.run()
    const scopes = this.#scopesOf(tables).filter(({ name }) => !pushed.looked.includes(name))
    const result = this.#result(started, pushed, await this.#pullAll(scopes))
    await sweepReceipts(this.#term)
    if (result.reason) emit('sync-error', { reason: result.reason })
    emit('sync-complete', result)
    return result
  }

  async pullScope(scope: PullScope, join = false): Promise<Pulled> {
    const lane = this.#pullLanes.get(scope.name)!
    return (join ? lane.running : undefined) ?? lane.run()
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    await this.#pushLane.idle()
    for (const lane of this.#pullLanes.values()) await lane.idle()
  }

  #scopesOf(tables?: readonly string[]): PullScope[] {
    const { scopes } = this.#term.protocol
    return scopes.filter((scope) => !tables || scope.tables.some((table) => tables.includes(table)))
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
      emit('pull-error', { reason: { code: 'storage-failed', at: env.now() }, tables: scope.tables })
      throw error
    })
    if (pulled.complete) for (const table of scope.tables) await parkOrphans(this.#term, table)
    if (pulled.reason) emit('pull-error', { reason: pulled.reason, tables: scope.tables })
    emit('pull-complete', this.#result(started, nothingPushed, [pulled]))
    return pulled
  }

  /** Without an order, a page may not be asked for while a request of the table has no outcome. */
  async #whenSettled({ tables }: PullScope, run: () => Promise<Pulled>): Promise<Pulled> {
    const open = [...this.#term.outbox.fences.values()].find(({ items }) =>
      items.some(({ table }) => tables.includes(table)),
    )
    if (!open || this.#term.protocol.order === 'pull-first') return run()
    return { applied: 0, conflicts: 0, complete: false, ...(open.reason && { reason: open.reason }) }
  }

  #guardPush<T>(task: () => Promise<T>): Promise<T> {
    const allOrdered = [...this.#term.tables.values()].every(({ orderField }) => orderField !== undefined)
    return allOrdered ? task() : this.#unordered.run(task)
  }

  async #told(task: () => Promise<Pushed>): Promise<Pushed> {
    const { emit, env, outbox } = this.#term
    const started = env.monotonic()
    emit('push-start', { waiting: outbox.waiting.count })
    try {
      const pushed = await task()
      emit('push-complete', this.#result(started, pushed, []))
      return pushed
    } catch (error) {
      const reason: Reason = { code: 'storage-failed', at: env.now() }
      if (!isTermOver(error)) emit('push-error', { reason })
      throw error
    }
  }

  #result(started: number, pushed: Pushed, pulled: readonly Pulled[]): SyncResult {
    const reason = pushed.reason ?? pulled.find((one) => one.reason)?.reason ?? this.#term.trouble()
    return {
      pushed: pushed.accepted,
      failed: pushed.refused,
      pulled: pulled.reduce((sum, { applied }) => sum + applied, 0),
      conflicts: pulled.reduce((sum, { conflicts }) => sum + conflicts, pushed.conflicts),
      duration: this.#term.env.monotonic() - started,
      ...(reason && { reason }),
    }
  }
}
