import type { Configured } from '../config'
import type { Cancel, Environment } from '../environment'
import type { SyncResult } from '../model/event'
import type { Term } from '../outbox/term'
import type { Work } from './work'

/** ms after which a cycle that failed in the local database is tried again. */
const storageRetry = 5_000

/** ms between two tries while the browser says it is offline: it may be wrong (FAULTS E9). */
const offlineProbe = 300_000

export interface ScheduleParts {
  readonly env: Environment
  readonly configured: Pick<Configured, 'interval' | 'onOnline' | 'onVisibilityChange' | 'debounce'>
  readonly term: Term
  readonly work: Work
  /** Called after every run, whatever came of it. */
  readonly afterRun: () => Promise<void>
  /** The database failed: told once, tried again later. */
  readonly failed: (error: unknown) => void
}

/**
 * When the leader does what (station "when"): at once after a local commit, at an interval, when the connection or the
 * person is back, and when what had to wait is due.
 */
export class Schedule {
  readonly #parts: ScheduleParts
  #stopped = false
  /** Monotonic, ms. */
  #lastRun = Number.NEGATIVE_INFINITY
  #stopInterval: Cancel = () => {}
  #stopDue: Cancel = () => {}
  #stopDebounce: Cancel | undefined
  #stopLifecycle: Cancel = () => {}

  constructor(parts: ScheduleParts) {
    this.#parts = parts
  }

  start(): void {
    const { env, configured, term } = this.#parts
    this.#stopLifecycle = env.lifecycle((moment) => {
      if (moment === 'online' && configured.onOnline) {
        term.origin.hurry()
        this.sync()
      }
      if (moment === 'visible' && configured.onVisibilityChange) this.sync()
    })
    this.#keepInterval()
    this.sync()
  }

  stop(): void {
    this.#stopped = true
    this.#stopInterval()
    this.#stopDue()
    this.#stopDebounce?.()
    this.#stopLifecycle()
  }

  /** A local change has been committed. */
  wake(): void {
    const { env, configured } = this.#parts
    if (this.#stopped || this.#stopDebounce) return
    if (configured.debounce === 0) {
      this.#run((work) => work.push())
      return
    }
    this.#stopDebounce = env.timer(() => {
      this.#stopDebounce = undefined
      this.#run((work) => work.push())
    }, configured.debounce)
  }

  sync(): void {
    this.#run((work) => work.sync())
  }

  #keepInterval(): void {
    const { env, configured } = this.#parts
    if (configured.interval === 0) return
    this.#stopInterval = env.timer(() => {
      this.sync()
      this.#keepInterval()
    }, configured.interval)
  }

  #run(task: (work: Work) => Promise<SyncResult>): void {
    const { term, work, afterRun, failed, env } = this.#parts
    if (this.#stopped || term.halted() || term.over.aborted) return
    if (term.origin.wait > 0) {
      this.#planNext()
      return
    }
    if (!env.isOnline() && env.monotonic() - this.#lastRun < offlineProbe) return
    this.#lastRun = env.monotonic()
    task(work)
      .catch((error: unknown) => {
        failed(error)
        if (!this.#stopped) this.#stopDue = env.timer(() => this.sync(), storageRetry)
      })
      .then(afterRun)
      .then(() => this.#planNext())
      .catch((error: unknown) => failed(error))
  }

  /** Wakes when the next thing that waits for its time is due, or the server may be asked again. */
  #planNext(): void {
    const { env, term, work } = this.#parts
    this.#stopDue()
    if (this.#stopped || term.halted()) return
    const { wait } = term.origin
    const due = work.nextDue()
    if (wait > 0) this.#stopDue = env.timer(() => this.sync(), wait)
    else if (due !== undefined)
      this.#stopDue = env.timer(() => this.#run((lane) => lane.push()), Math.max(0, due - env.now()))
  }
}
