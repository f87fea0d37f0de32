import type { Environment } from '../environment'
import { longestExchange } from '../model/limits'
import type { WaitingRecord } from '../outbox/waiting'

/** ms for which a run takes what is written after its begin. */
const window = 10_000

/** ms after which a request without an answer hangs. */
const hanging = 5_000

/** How long a run of push goes on: pulls, and the looks of other changes, wait for its end. */
export class RunTime {
  readonly #env: Pick<Environment, 'now' | 'monotonic'>
  readonly #seen: number
  readonly #wall: number
  readonly #start: number
  readonly #takesLater: () => boolean

  /** `seen`: the last record of the log that is there at the begin. `takesLater`: whether it takes what is written then. */
  constructor(env: Pick<Environment, 'now' | 'monotonic'>, seen: number, takesLater: () => boolean) {
    this.#env = env
    this.#seen = seen
    this.#takesLater = takesLater
    this.#wall = env.now()
    this.#start = env.monotonic()
  }

  /**
   * What has been looked at was looked at too long ago: the device has slept. By either clock: one may stand still in
   * sleep, the other may be set.
   */
  get isOver(): boolean {
    return Math.max(this.#env.now() - this.#wall, this.#env.monotonic() - this.#start) >= longestExchange
  }

  /**
   * Whether changes may leave in this run: an app that writes faster than its network answers would never let it end.
   * Behind a request that hangs they may; `oldest`: when that was sent, monotonic, ms.
   */
  takes({ entries }: Pick<WaitingRecord, 'entries'>, oldest = Number.POSITIVE_INFINITY): boolean {
    if (entries[0]!.ref[0] <= this.#seen) return true
    const now = this.#env.monotonic()
    const end = this.#start + window
    return (oldest < end && now - oldest >= hanging) || (now < end && this.#takesLater())
  }
}
