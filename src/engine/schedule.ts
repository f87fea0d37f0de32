import type { Configured } from '../config'
import type { Cancel, Environment } from '../environment'
import type { SyncResult } from '../model/event'
import type { Term } from '../outbox/term'
import { Doing } from './doing'
import type { Work } from './work'

/** ms after which a cycle that failed in the local database is tried again; twice as long after each next. */
const storageRetry = 5_000
const longestRetry = 300_000

/** ms until what is due is tried again at the earliest. */
const shortestWait = 200

/** ms a connection must have lasted before it is used; up to four times as long by chance. */
const calm = 250

/** ms between two tries while the browser says it is offline: it may be wrong (FAULTS E9). */
const offlineProbe = 300_000

export interface ScheduleParts {
  readonly env: Environment
  readonly configured: Pick<Configured, 'interval' | 'onOnline' | 'onVisibilityChange' | 'debounce'>
  readonly term: Term
  readonly work: Work
  /** While the login is missing: a quiet look at whether it is back. */
  readonly lookForLogin: (moved: boolean) => Promise<void>
  /** Called after every run, whatever came of it; `ran` is false where nothing could go. */
  readonly afterRun: (ran: boolean) => Promise<void>
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
  readonly #doing = new Doing()
  #pushing = false
  #pushAgain = false
  /** Runs that have not ended. */
  #running = 0
  /** Monotonic, ms. */
  #lastRun = Number.NEGATIVE_INFINITY
  /** Runs in a row that the local database failed. */
  #failures = 0
  #stopInterval: Cancel = () => {}
  #stopDue: Cancel = () => {}
  #stopDebounce: Cancel | undefined
  #stopLifecycle: Cancel = () => {}
  #stopCalm: Cancel = () => {}
  #syncing = false
  /** When the last whole cycle began, monotonic, ms. */
  #lastSync = Number.NEGATIVE_INFINITY

  constructor(parts: ScheduleParts) {
    this.#parts = parts
  }

  start(): void {
    const { env, configured } = this.#parts
    this.#stopLifecycle = env.lifecycle((moment) => {
      if (moment === 'online' && configured.onOnline) this.#whenCalm()
      if (moment === 'offline') this.#stopCalm()
      if (moment === 'visible' && configured.onVisibilityChange) this.#look(true)
    })
    this.#keepInterval()
    if (!env.isOnline()) this.#lastRun = env.monotonic()
    this.sync()
  }

  stop(): void {
    this.#stopped = true
    this.#stopInterval()
    this.#stopDue()
    this.#stopDebounce?.()
    this.#stopCalm()
    this.#stopLifecycle()
  }

  /** Resolves when the runs that have begun, and what is noted after them, are over. To be stopped first. */
  idle(): Promise<void> {
    return this.#doing.over()
  }

  /** A local change has been committed. However many come while a push runs, one more follows it. */
  wake(): void {
    const { env, configured } = this.#parts
    if (this.#stopped || this.#stopDebounce) return
    if (configured.debounce === 0) {
      this.#pushSoon()
      return
    }
    this.#stopDebounce = env.timer(() => {
      this.#stopDebounce = undefined
      this.#pushSoon()
    }, configured.debounce)
  }

  #pushSoon(): void {
    this.#parts.work.more()
    if (this.#pushing) {
      this.#pushAgain = true
      return
    }
    this.#pushing = true
    void this.#run((work) => work.push()).then(() => {
      this.#pushing = false
      if (!this.#pushAgain) return
      this.#pushAgain = false
      this.#pushSoon()
    })
  }

  /** To be called when something ran that was not of the schedule's making: what it put off is due later. */
  replan(): void {
    this.#planNext(undefined)
  }

  /** A whole cycle; one that runs already is followed by another. */
  sync(): void {
    void this.#run((work) => this.#cycle(work))
  }

  /** Pulls tables in the background, unless something runs that may be just that. */
  revalidate(tables: readonly string[]): void {
    if (this.#running === 0) void this.#run((work) => work.pull(tables))
  }

  /**
   * A whole cycle; one that runs already is enough, since a device that wakes hears of everything at once.
   * `moved`: the person or the connection has just come back.
   */
  #look(moved: boolean): void {
    if (this.#syncing) return
    this.#syncing = true
    void this.#parts
      .lookForLogin(moved)
      .then(() => this.#run((work) => this.#cycle(work)))
      .finally(() => {
        this.#syncing = false
      })
  }

  #cycle(work: Work): Promise<SyncResult> {
    this.#lastSync = this.#parts.env.monotonic()
    return work.sync()
  }

  /**
   * The connection is back, if it stays: one that flaps makes one cycle, and the devices behind one router do not all
   * come at the same moment (FAULTS E9, J4).
   */
  #whenCalm(): void {
    const { env, term } = this.#parts
    const since = env.monotonic()
    const goOn = () => {
      if (this.#lastSync >= since && !term.origin.trouble && !term.halted()) return // that cycle has seen it
      if (this.#syncing) {
        this.#stopCalm = env.timer(goOn, calm) // it began without a connection, and may fail for it
        return
      }
      term.origin.reconnected()
      this.#look(true)
    }
    this.#stopCalm()
    this.#stopCalm = env.timer(goOn, calm * (1 + 3 * env.random()))
  }

  /** Counts from the last cycle: a device that wakes makes one, not one for each timer that is late. */
  #keepInterval(ms = this.#parts.configured.interval): void {
    const { env, configured } = this.#parts
    if (configured.interval === 0) return
    this.#stopInterval = env.timer(() => {
      const left = this.#lastSync + configured.interval - env.monotonic()
      if (left <= 0) this.#look(false)
      this.#keepInterval(left > 0 ? left : configured.interval)
    }, ms)
  }

  #run(task: (work: Work) => Promise<SyncResult>): Promise<void> {
    return this.#stopped ? Promise.resolve() : this.#doing.add(this.#runNow(task))
  }

  /** Never rejects. Where nothing may go now, only the numbers are renewed. */
  async #runNow(task: (work: Work) => Promise<SyncResult>): Promise<void> {
    this.#running += 1
    const { work, afterRun, failed, env } = this.#parts
    let retryIn: number | undefined
    const runs = this.#mayRun()
    if (runs) {
      this.#lastRun = env.monotonic()
      await task(work).then(
        () => {
          this.#failures = 0
        },
        (error: unknown) => {
          failed(error)
          retryIn = Math.min(longestRetry, storageRetry * 2 ** this.#failures++)
        },
      )
    }
    await afterRun(runs).catch(failed)
    this.#running -= 1
    this.#planNext(retryIn)
  }

  #mayRun(): boolean {
    const { term, env } = this.#parts
    if (this.#stopped || term.halted() || term.over.aborted || term.origin.wait > 0) return false
    return env.isOnline() || env.monotonic() - this.#lastRun >= offlineProbe
  }

  /** Wakes when the next thing that waits for its time is due, or the server may be asked again. */
  #planNext(retryIn: number | undefined): void {
    const { env, term, work } = this.#parts
    this.#stopDue()
    if (this.#stopped || term.halted()) return
    const { wait } = term.origin
    const rest = env.isOnline() && wait === 0 && retryIn === undefined ? work.restsFor : undefined
    const due = this.#wakeIn(retryIn, wait, work.nextDue())
    const wakeIn = Math.min(
      due ?? Number.POSITIVE_INFINITY,
      Math.max(shortestWait, rest ?? Number.POSITIVE_INFINITY),
    )
    if (wakeIn === Number.POSITIVE_INFINITY) return
    this.#stopDue = env.timer(
      () => (wait > 0 || retryIn !== undefined || work.restsFor === 0 ? this.#look(false) : this.#pushSoon()),
      wakeIn,
    )
  }

  #wakeIn(retryIn: number | undefined, wait: number, due: number | undefined): number | undefined {
    const { env } = this.#parts
    if (!env.isOnline()) return offlineProbe
    if (wait > 0) return wait
    if (retryIn !== undefined) return retryIn
    // What was due has just been tried: what still is waits for something else, and must not spin.
    return due === undefined ? undefined : Math.max(shortestWait, due - env.now())
  }
}
