import type { SyncErrorCode } from '../model/error'
import type { Reason } from '../model/outcome'
import { oneMore } from './slow-start'

/** What is remembered of the server between reloads, times in ms of the wall clock. */
export interface OriginMemory {
  /** Nothing is sent before: our own backoff. */
  readonly pausedUntil: number
  /** Nothing is sent before: the server's own word (Retry-After). */
  readonly askedUntil: number
  /** Failures in a row. */
  readonly failures: number
  /** When that was found out: a clock that shows an earlier time has been set back, and the times above mean nothing. */
  readonly since: number
}

/** How long to wait, jitter included, ms. */
export interface Waits {
  /** After so many earlier failures in a row. */
  readonly own: (failures: number) => number
  /** Where the server asked for `ms`: never less. */
  readonly asked: (ms: number) => number
}

const unharmed: OriginMemory = { pausedUntil: 0, askedUntil: 0, failures: 0, since: 0 }

/**
 * The server as a whole: while it is away nobody asks it anything and no change spends an attempt (I9). After a pause
 * one lone probe goes first; a good answer opens it again, slowly: each lets one more request fly at once, so that the
 * many devices that waited for it do not put it down again (FAULTS J4).
 */
export class Origin {
  #memory = unharmed
  #good = true
  /** Requests that may fly at once. */
  #places = Number.POSITIVE_INFINITY
  #trouble: Reason | undefined
  #setbacks = 0
  readonly #now: () => number
  readonly #waits: Waits

  constructor(now: () => number, waits: Waits) {
    this.#now = now
    this.#waits = waits
  }

  get memory(): OriginMemory {
    return this.#memory
  }

  restore(memory: OriginMemory): void {
    this.#memory = memory
    if (this.probing) this.#places = 1
  }

  /** ms until it may be asked again; 0 = now. */
  get wait(): number {
    const now = this.#now()
    const { pausedUntil, askedUntil, since } = this.#memory
    return now < since ? 0 : Math.max(0, pausedUntil - now, askedUntil - now)
  }

  /** After failures one request goes alone, to see whether the server is back. */
  get probing(): boolean {
    return this.#memory.failures > 0
  }

  /** How many of `wanted` requests may fly at once. */
  places(wanted: number): number {
    return Math.min(wanted, this.#places)
  }

  /** Why it was last left alone; undefined once it has answered well. */
  get trouble(): Reason | undefined {
    return this.#trouble
  }

  /** How often it was left alone so far: kept when something is asked, for {@link answeredWell}. */
  get setbacks(): number {
    return this.#setbacks
  }

  /** `asked`: {@link setbacks} when it was asked. What it answers to older questions does not end the pause of a newer failure. */
  answeredWell(asked = this.#setbacks): void {
    this.#good = true
    if (asked < this.#setbacks) return
    this.#trouble = undefined
    this.#memory = unharmed
    this.#places = oneMore(this.#places)
  }

  /** It could not be reached, or failed; `asked`: ms it wants to be left alone. */
  failed(trouble: Reason, asked?: number): void {
    this.#trouble = trouble
    this.#setbacks += 1
    this.#places = 1
    const { failures, askedUntil, since } = this.#memory
    const now = this.#now()
    const stillAsked = now < since ? 0 : askedUntil // what a clock showed that was set back since would come days later
    this.#memory = {
      failures: failures + 1,
      pausedUntil: now + this.#waits.own(failures),
      askedUntil: Math.max(stillAsked, asked === undefined ? 0 : now + this.#waits.asked(asked)),
      since: now,
    }
  }

  /**
   * A request was answered with a failure (500). True when that counts against it: the server answers others well,
   * or it was the lone probe. Otherwise the server as a whole is at fault, and is left alone for a while.
   */
  failedRequest(trouble: Reason): boolean {
    const counts = this.#good || this.probing
    if (!this.#good) this.failed(trouble)
    this.#good = false
    return counts
  }

  /** A person asks: our own pause is over; one the server asked for is not. */
  hurry(): void {
    this.#memory = { ...this.#memory, pausedUntil: 0 }
  }

  /** The connection is back: what failed for want of it is worth a try. A server that answered it is busy still is. */
  reconnected(): void {
    if (this.#trouble?.code !== 'server-busy') this.hurry()
  }
}

const awayCodes: ReadonlySet<SyncErrorCode> = new Set<SyncErrorCode>([
  'network-failed',
  'timeout',
  'offline',
  'server-busy',
  'intercepted',
])

/** True for failures that say the server as a whole is away, whatever was asked of it. */
export function isAway(code: SyncErrorCode): boolean {
  return awayCodes.has(code)
}
