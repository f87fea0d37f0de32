import type { Environment } from '../environment'
import type { ClockMemory, Stamp } from '../model/stamp'

/** ms the time of somebody else may pull ours ahead: a row stamped in 2099 does not make our edits win for ever (H1). */
const longestDrift = 5 * 60_000

/** ms the server's time must be off to count: `Date` headers tell whole seconds. */
const coarseness = 1_000

/**
 * The hybrid logical clock of a tab: stamps what is done here so that it is later than all that was seen here before,
 * whatever the device's own clock says. It goes by the server's time where answers tell it.
 */
export class Clock {
  readonly #env: Pick<Environment, 'now' | 'monotonic'>
  readonly #node: string
  #offset = 0
  #corrections = 0
  /** What time it was at the server when it last said so, and the monotonic clock then. */
  #told: { readonly time: number; readonly at: number } | undefined
  #time = 0
  #count = 0

  constructor(env: Pick<Environment, 'now' | 'monotonic' | 'uuid'>) {
    this.#env = env
    this.#node = env.uuid().slice(0, 8)
  }

  /** Now, later than every stamp before. */
  stamp(): Stamp {
    const now = this.#now()
    this.#count = now > this.#time ? 0 : this.#count + 1
    this.#time = Math.max(now, this.#time)
    return { time: this.#time, count: this.#count, node: this.#node }
  }

  /** A time that was given elsewhere, ms: from now on our stamps are later, within reason. */
  observe(time: number): void {
    const near = Math.min(time, this.#now() + longestDrift)
    if (near <= this.#time) return
    this.#time = near
    this.#count = 0
  }

  /**
   * An answer of the server said what time it is there, `sentAt` and `answeredAt` by the device's clock, all ms. Where
   * it shows that ours was far ahead, the stamps go back: what was stamped too late must not win over all that follows.
   */
  correct(serverTime: number, sentAt: number, answeredAt: number): void {
    const trip = answeredAt - sentAt
    if (trip < 0) return // the device's clock was set meanwhile
    const offset = serverTime + coarseness / 2 - (sentAt + trip / 2)
    const isOff = Math.abs(offset - this.#offset) > coarseness + trip
    if (isOff) {
      this.#offset = offset
      this.#corrections++
    }
    this.#told = { time: answeredAt + this.#offset, at: this.#env.monotonic() }
    if (isOff) this.#goBack()
  }

  /** ms at the server, as far as it has told; undefined = this tab has not heard. */
  get serverTime(): number | undefined {
    return this.#told && this.#now()
  }

  get memory(): ClockMemory {
    return { offset: this.#offset, seen: this.#time, corrections: this.#corrections }
  }

  /**
   * What another tab, or this one before a reload, knew. Stamps go back as they do where the server itself says so. What
   * is older than what the server has told here teaches nothing: the device's clock may have been set since it was kept.
   */
  restore({ offset, seen, corrections }: ClockMemory): void {
    if (corrections > this.#corrections) {
      this.#corrections = corrections
      this.#offset = offset
      this.#told = undefined // by the offset that was wrong
      this.#goBack()
    }
    this.observe(seen)
  }

  #goBack(): void {
    this.#time = Math.min(this.#time, this.#now() + longestDrift)
  }

  /** ms at the server. Where the device's clock was set back since the server told its own, what has passed counts. */
  #now(): number {
    const now = this.#env.now() + this.#offset
    return this.#told ? Math.max(now, this.#told.time + this.#env.monotonic() - this.#told.at) : now
  }
}
