import { openTabChannel } from './environment-channel'
import { type LifecycleMoment, listenToLifecycle } from './environment-lifecycle'
import { createLocks, type LockOptions } from './environment-locks'
import { strongRandom, strongUuid } from './environment-random'
import { timeline } from './environment-timeline'
import { webLock } from './environment-web-lock'
import type { StorageEstimate } from './model/storage-estimate'

export type { LifecycleMoment, LockOptions }

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
  /** Address of the page, against which a relative `baseUrl` is read; absent where there is no page. */
  readonly location?: string
  /** What the browser says of the storage of this origin; absent where there is no such thing. */
  storageEstimate?(): Promise<StorageEstimate>
  /** Sets a mark on the page's timeline. */
  mark?(name: string): void
  /** Shows what happened since a mark on the page's timeline. */
  measure?(name: string, since: string): void
  /** True while developing: mistakes are then said on the console. */
  readonly development: boolean
  /** The console: for the developer, never row contents, never tokens. */
  warn(message: string): void
  /** Where an error goes that nobody waits for. */
  report(error: unknown): void
}

/** Longer waits overflow in browsers, and the task would run at once. */
const longestTimeout = 2 ** 31 - 1

/** Locks of this page or process, where there are no Web Locks. */
const pageLocks = createLocks()

declare const process: { readonly env: Readonly<Record<string, string | undefined>> }

/** The world of a page, a worker or (without anything of its own running) a Node process. */
export function browserEnvironment(): Environment {
  const lock: Environment['lock'] = (name, options, task) =>
    globalThis.navigator?.locks
      ? webLock(navigator.locks, name, options, task)
      : pageLocks.lock(name, options, task)

  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    timer: startTimer,
    random: strongRandom,
    uuid: strongUuid,
    // Looked up at each call: apps and tests replace the global fetch after this library was loaded.
    fetch: (input) => globalThis.fetch(input),
    lock,
    channel: (name) =>
      openTabChannel(name, { timer: startTimer, lifecycle: listenToLifecycle, lock, report }),
    lifecycle: listenToLifecycle,
    // Node has a navigator without onLine.
    isOnline: () => globalThis.navigator?.onLine !== false,
    isVisible: () => globalThis.document?.visibilityState !== 'hidden',
    ...(globalThis.navigator?.storage?.estimate && {
      storageEstimate: () => navigator.storage.estimate(),
    }),
    ...timeline(),
    ...(globalThis.location?.href && { location: globalThis.location.href }),
    development: isDevelopment(),
    warn: (message) => console.warn(message),
    report,
  }
}

function startTimer(task: () => void, ms: number): Cancel {
  let timeout: ReturnType<typeof setTimeout>
  const wait = (left: number) => {
    const step = Math.min(left, longestTimeout)
    timeout = setTimeout(() => (left > step ? wait(left - step) : task()), step)
    // A timer of ours never keeps a Node process alive.
    ;(timeout as { unref?: () => void }).unref?.()
  }
  wait(Math.max(0, ms))
  return () => clearTimeout(timeout)
}

function isDevelopment(): boolean {
  try {
    // Written out in full: bundlers replace exactly this text.
    return process.env.NODE_ENV !== 'production'
  } catch {
    return false // a page without a bundler has no process: nobody said that this is development
  }
}

/** Error trackers listen where `reportError` goes. */
function report(error: unknown): void {
  if (typeof reportError === 'function') reportError(error)
  else console.error(error)
}
