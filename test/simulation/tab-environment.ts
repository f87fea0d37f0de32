import type { Environment, LifecycleMoment } from '../../src/environment'
import { isSyncError } from '../../src/model/error'
import type { DeviceChannel } from './channel'
import type { DeviceLocks } from './locks'
import type { Network } from './network'
import type { Prng } from './prng'
import type { Scheduler } from './scheduler'

/** The virtual wall clock starts here, ms. */
export const epoch = Date.UTC(2026, 0, 1)

export interface TabWorld {
  readonly tab: string
  readonly scheduler: Scheduler
  readonly network: Network
  readonly locks: DeviceLocks
  readonly channel: DeviceChannel
  readonly random: Prng
  /** How far the clock of the device is off, ms. */
  skew(): number
  /** The device has a connection. */
  online(): boolean
  /** Something went wrong that nobody waits for. */
  failed(error: unknown): void
}

/** One tab's world: every way out of the engine leads into the simulation, and is cut when the tab is killed. */
export class TabEnvironment implements Environment {
  readonly development = false
  readonly warnings: string[] = []
  private readonly moments = new Set<(moment: LifecycleMoment) => void>()
  private readonly timers = new Set<object>()
  private dead = false
  private hidden = false

  // Functions, not methods: the engine may pass them on without their object.
  constructor(private readonly world: TabWorld) {}

  readonly now = (): number => {
    return epoch + Math.floor(this.world.scheduler.now()) + this.world.skew()
  }

  readonly monotonic = (): number => {
    return this.world.scheduler.now()
  }

  readonly timer = (task: () => void, ms: number) => {
    if (this.dead) return () => {}
    const { scheduler, tab } = this.world
    const lane = `timer:${tab}`
    const timer = {}
    this.timers.add(timer)
    const run = () => {
      this.timers.delete(timer)
      task()
    }
    const ring = () => {
      if (this.isVisible() || scheduler.now() % 60_000 === 0) return run()
      cancel = scheduler.after(60_000 - (scheduler.now() % 60_000), lane, run, tab)
    }
    let cancel = scheduler.after(ms, lane, ring, tab)
    return () => {
      this.timers.delete(timer)
      cancel()
    }
  }

  readonly random = (): number => {
    return this.world.random.next()
  }

  readonly uuid = (): string => {
    return this.world.random.uuid()
  }

  readonly fetch = (input: Request): Promise<Response> => {
    return this.dead ? never() : this.world.network.send(this.world.tab, input)
  }

  readonly lock: Environment['lock'] = (name, options, task) =>
    this.dead ? never() : this.world.locks.request(this.world.tab, name, options, task)

  readonly channel = (name: string) => {
    return this.world.channel.join(this.world.tab, name)
  }

  readonly lifecycle = (heard: (moment: LifecycleMoment) => void) => {
    this.moments.add(heard)
    return () => this.moments.delete(heard)
  }

  readonly isOnline = (): boolean => {
    return this.world.online()
  }

  readonly isVisible = (): boolean => {
    return !this.hidden
  }

  /** The page is hidden: its timers ring once a minute, on the minute. */
  hide(hidden: boolean): void {
    this.hidden = hidden
    this.tell(hidden ? 'hidden' : 'visible')
  }

  readonly warn = (message: string): void => {
    this.warnings.push(message)
  }

  readonly report = (error: unknown): void => {
    // The app hears of its own functions that fail, as it should.
    const isWeather = isSyncError(error) && error.code === 'user-code-failed'
    if (!this.dead && !isWeather) this.world.failed(error)
  }

  /** Tells the engine what happens to the page; `told` runs when it has heard. */
  tell(moment: LifecycleMoment, told = () => {}): void {
    const { scheduler, tab } = this.world
    scheduler.post(
      `lifecycle:${tab}`,
      () => {
        for (const heard of [...this.moments]) heard(moment)
        told()
      },
      tab,
    )
  }

  /** What the engine has begun here and not ended, and how much of it. */
  left(): Readonly<Record<'timers' | 'listeners' | 'locks' | 'channels' | 'requests', number>> {
    const { tab, locks, channel, network } = this.world
    return {
      timers: this.timers.size,
      listeners: this.moments.size,
      locks: locks.countOf(tab),
      channels: channel.countOf(tab),
      requests: network.inFlight(tab),
    }
  }

  /** The process is gone: its code may still hear of aborted transactions, but reaches nothing any more. */
  kill(): void {
    this.dead = true
    this.moments.clear()
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => {})
}
