/** Cancels what it was given for. Safe to call twice. */
export type Cancel = () => void

/** Messages between the tabs of one database. Hints only: they may be lost, late or doubled. */
export interface TabChannel {
  post(message: unknown): void
  /** Called with every message of another tab, unchecked. */
  listen(heard: (message: unknown) => void): Cancel
  /**
   * Proposes this tab as leader and calls `elected` each time it is chosen; `lost` when it is no longer.
   * Goes on proposing until cancelled, whatever happens to the elector below.
   */
  elect(elected: () => void, lost: () => void): Cancel
  /** Resolves when nothing of it runs any more. */
  close(): Promise<void>
}

export interface LockOptions {
  readonly signal?: AbortSignal
  readonly steal?: boolean
  readonly ifAvailable?: boolean
}

/**
 * Everything the engine touches of the world (decision 9): clock, timers, random, fetch, locks, channel, lifecycle,
 * connection, log. Tests hand in their own; nothing in the engine reaches the world in another way.
 */
export interface Environment {
  /** Wall clock, ms. May jump. */
  now(): number
  /** A clock that never goes back, ms. */
  monotonic(): number
  /** Runs `task` once after `ms`. */
  timer(task: () => void, ms: number): Cancel
  /** At least 0, less than 1, with 53 random bits. */
  random(): number
  /** A random (version 4) UUID from a strong source. */
  uuid(): string
  fetch(input: Request): Promise<Response>
  /**
   * Runs `task` while holding the named lock of this device; without `ifAvailable` waits for it. `task` gets false
   * where the lock was not free. `lost` aborts when another tab steals it.
   */
  lock<T>(
    name: string,
    options: LockOptions,
    task: (held: boolean, lost: AbortSignal) => Promise<T>,
  ): Promise<T>
  /** The channel of all tabs that share `name`. */
  channel(name: string): TabChannel
  /** What happens to the page: seen or hidden, put away (`freeze`) and brought back (`thaw`), connection. */
  lifecycle(heard: (moment: LifecycleMoment) => void): Cancel
  isOnline(): boolean
  isVisible(): boolean
  /** True while developing: mistakes are then said on the console. */
  readonly development: boolean
  /** The console: for the developer, never row contents, never tokens. */
  warn(message: string): void
  /** Where an error goes that nobody waits for. */
  report(error: unknown): void
}

export type LifecycleMoment = 'visible' | 'hidden' | 'freeze' | 'thaw' | 'online' | 'offline'
