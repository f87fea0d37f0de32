import type { Environment } from '../environment'
import { counting, type RateLimit, waitFor, waitForAll } from '../model/rate-limit'
import type { SyncedTable } from '../model/table'

/**
 * Keeps the tables of `push.rateLimit` within it: what is over it waits, spends nothing and holds no other table up.
 * In memory, so a new leader begins with a full allowance.
 */
export class RateLimits {
  readonly #tables: ReadonlyMap<string, Pick<SyncedTable, 'rateLimit'>>
  readonly #env: Pick<Environment, 'monotonic' | 'now'>
  /** When requests left, monotonic, ms, oldest first. */
  readonly #sent = new Map<string, readonly number[]>()
  /** Promised to requests that are made ready and have not left. */
  readonly #taken = new Map<string, number>()
  /** Tables of which something waits for its turn. */
  readonly #waiting = new Set<string>()

  constructor(
    tables: ReadonlyMap<string, Pick<SyncedTable, 'rateLimit'>>,
    env: Pick<Environment, 'monotonic' | 'now'>,
  ) {
    this.#tables = tables
    this.#env = env
  }

  /** Whether one more request may be made ready. Where not, {@link times} tells when. */
  hasRoom(table: string): boolean {
    const limit = this.#limitOf(table)
    if (!limit) return true
    const now = this.#env.monotonic()
    const left = limit.requests - counting(this.#sentOf(table), limit, now).length - this.#takenOf(table)
    if (left <= 0) this.#waiting.add(table)
    return left > 0
  }

  /** As {@link hasRoom}, and takes the place. */
  take(table: string): boolean {
    if (!this.hasRoom(table)) return false
    if (this.#limitOf(table)) this.#taken.set(table, this.#takenOf(table) + 1)
    return true
  }

  /** A request for which a place was taken leaves. */
  leaves(table: string): void {
    const limit = this.#limitOf(table)
    if (!limit) return
    const now = this.#env.monotonic()
    this.#sent.set(table, [...counting(this.#sentOf(table), limit, now), now])
    this.#taken.set(table, this.#takenOf(table) - 1)
  }

  /** Places that were taken and not used are free, but for those of requests that are `ready`: one table each. */
  endRun(ready: readonly string[]): void {
    this.#taken.clear()
    for (const table of ready) if (this.#limitOf(table)) this.#taken.set(table, this.#takenOf(table) + 1)
  }

  /** ms until a request of the table may leave. */
  wait(table: string): number {
    const limit = this.#limitOf(table)
    return limit ? waitFor(this.#sentOf(table), limit, this.#env.monotonic()) : 0
  }

  /** When what waits for its turn may go, ms of the wall clock. What is past waits for something else by now. */
  times(): number[] {
    const times: number[] = []
    for (const table of this.#waiting) {
      const left = waitForAll(this.#sentOf(table), this.#limitOf(table)!, this.#env.monotonic())
      if (left > 0) times.push(this.#env.now() + left)
      else this.#waiting.delete(table)
    }
    return times
  }

  #limitOf(table: string): RateLimit | undefined {
    return this.#tables.get(table)?.rateLimit
  }

  #sentOf(table: string): readonly number[] {
    return this.#sent.get(table) ?? []
  }

  #takenOf(table: string): number {
    return this.#taken.get(table) ?? 0
  }
}
