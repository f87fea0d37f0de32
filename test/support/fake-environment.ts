import { expect } from 'vitest'
import type { Environment, LifecycleMoment } from '../../src/environment'
import { createLocks } from '../../src/environment-locks'
import type { StorageEstimate } from '../../src/model/storage-estimate'
import { createFakeBus, type FakeBus } from './fake-channel'
import { createFakeClock, type FakeClock } from './fake-clock'

/** What of an environment is in use. All zero after stop() (I12). */
export interface Open {
  readonly timers: number
  readonly listeners: number
  readonly locks: number
  readonly channels: number
}

export const nothingOpen: Open = { timers: 0, listeners: 0, locks: 0, channels: 0 }

/** One tab of a fake device: an environment, and what the user or the browser does to it. */
export interface FakeTab extends Environment {
  /** What the bus and the clock of the device know this tab by. */
  readonly owner: object
  readonly warnings: string[]
  readonly reports: unknown[]
  /** What is said of the storage of this origin, bytes; undefined = the browser refuses. */
  storage: StorageEstimate | undefined
  /** Marks and measures, as `+name` and `name`, in their order. */
  readonly timeline: string[]
  setVisible(visible: boolean): void
  setOnline(online: boolean): void
  /** The browser puts the page away and tells it. */
  putAway(): void
  bringBack(): void
  /** The page stands still without being told: no timer, no message, its locks held. */
  freeze(): void
  thaw(): void
  /** The browser lets timers of this page run at whole multiples of `ms` only, as it does with hidden pages. 0 = no more. */
  throttle(ms: number): void
  /** The page is gone: timers and listeners forgotten, locks free. What it awaits from here never settles. */
  crash(): void
  readonly gone: boolean
  open(): Open
}

export interface FakeDevice extends Pick<FakeClock, 'settle' | 'advance' | 'until'> {
  tab(options?: { fetch?: (input: Request) => Promise<Response>; visible?: boolean }): FakeTab
  readonly bus: FakeBus
  readonly tabs: readonly FakeTab[]
  /** Wall clock, ms. */
  now(): number
  /** Sets the wall clock forward or back; timers and the monotonic clock do not notice. */
  jumpClock(ms: number): void
  setOnline(online: boolean): void
  /** Fails unless every tab has let go of everything and none reported an error. */
  expectNothingLeft(): void
}

/** A device under virtual time, on which tabs share locks, channels and clocks, the same for the same seed. */
export function fakeDevice({ seed = 1, start = Date.UTC(2030, 0, 1) } = {}): FakeDevice {
  const clock = createFakeClock()
  const bus = createFakeBus()
  const locks = createLocks()
  const tabs: FakeTab[] = []
  const random = seededRandom(seed)
  let offset = start
  let online = true

  function tab({ fetch = noFetch, visible = true } = {}): FakeTab {
    const owner = {}
    const gone = new AbortController()
    const heard = new Set<(moment: LifecycleMoment) => void>()
    let held = 0
    let connected = online
    let seen = visible
    let asleep: (() => void)[] | undefined
    const whenAwake = (task: () => void) => {
      if (asleep) asleep.push(task)
      else task()
    }
    const tell = (moment: LifecycleMoment) => {
      for (const listener of [...heard]) listener(moment)
    }

    const made: FakeTab = {
      owner,
      warnings: [],
      reports: [],
      storage: { usage: 1_000, quota: 1_000_000 },
      timeline: [],
      storageEstimate: async () => {
        if (!made.storage) throw new TypeError('not in this mode')
        return made.storage
      },
      mark: (name) => void made.timeline.push(`+${name}`),
      measure: (name, since) => {
        if (made.timeline.includes(`+${since}`)) made.timeline.push(name)
      },
      development: true,
      now: () => clock.time() + offset,
      monotonic: clock.time,
      timer: (task, ms) => (gone.signal.aborted ? () => {} : clock.timer(owner, task, ms)),
      random,
      uuid: () => uuidFrom(random),
      fetch: (input) => (gone.signal.aborted ? never() : fetch(input)),
      lock(name, options, task) {
        if (gone.signal.aborted) return never()
        held++
        const signal = options.signal ? AbortSignal.any([options.signal, gone.signal]) : gone.signal
        const result = locks.lock(name, { ...options, signal }, (had, lost) => {
          // A page that stands still learns of the theft when it goes on.
          const robbed = new AbortController()
          lost.addEventListener('abort', () => whenAwake(() => robbed.abort(lost.reason)))
          return unlessAborted(task(had, robbed.signal), gone.signal)
        })
        const free = () => {
          held--
        }
        result.then(free, free)
        return result.catch((error) => (gone.signal.aborted ? never() : Promise.reject(error)))
      },
      channel: (name) => bus.open(owner, name),
      lifecycle(listener) {
        heard.add(listener)
        return () => heard.delete(listener)
      },
      isOnline: () => connected,
      isVisible: () => seen,
      warn: (message) => void made.warnings.push(message),
      report: (error) => void made.reports.push(error),

      setVisible(now) {
        seen = now
        tell(now ? 'visible' : 'hidden')
      },
      setOnline(now) {
        connected = now
        tell(now ? 'online' : 'offline')
      },
      putAway() {
        tell('freeze')
        made.freeze()
      },
      bringBack() {
        made.thaw()
        tell('thaw')
      },
      freeze() {
        asleep ??= []
        clock.freeze(owner, true)
        bus.freeze(owner, true)
      },
      thaw() {
        clock.freeze(owner, false)
        bus.freeze(owner, false)
        const missed = asleep ?? []
        asleep = undefined
        for (const task of missed) task()
      },
      throttle: (ms) => clock.throttle(owner, ms),
      crash() {
        clock.drop(owner)
        bus.drop(owner)
        heard.clear()
        gone.abort(new DOMException('The tab is gone', 'AbortError'))
      },
      get gone() {
        return gone.signal.aborted
      },
      open: () => ({
        timers: clock.waiting(owner),
        listeners: heard.size + bus.listeners(owner),
        locks: gone.signal.aborted ? 0 : held,
        channels: bus.channels(owner),
      }),
    }
    tabs.push(made)
    return made
  }

  return {
    ...clock,
    tab,
    bus,
    tabs,
    now: () => clock.time() + offset,
    jumpClock(ms) {
      offset += ms
    },
    setOnline(now) {
      online = now
      for (const each of tabs) each.setOnline(now)
    },
    expectNothingLeft() {
      expect(tabs.map((each) => each.open())).toEqual(tabs.map(() => nothingOpen))
      expect(tabs.flatMap((each) => each.reports)).toEqual([])
    },
  }
}

function noFetch(input: Request): Promise<Response> {
  return Promise.reject(new TypeError(`No server in this test: ${input.url}`))
}

function never(): Promise<never> {
  return new Promise(() => {})
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort)
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** Random numbers with 53 bits from a seed (two draws of mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  const draw = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
  return () => ((draw() >>> 5) * 2 ** 26 + (draw() >>> 6)) / 2 ** 53
}

function uuidFrom(random: () => number): string {
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => Math.floor(random() * 16).toString(16))
}
