import type { LockOptions } from '../../src/environment'
import type { Scheduler } from './scheduler'

interface Holder {
  readonly tab: string
  readonly lost: AbortController
  release(): void
}

interface Claim {
  readonly tab: string
  grant(): void
}

type Task<T> = (held: boolean, lost: AbortSignal) => Promise<T>

/** The Web Locks of one device: granted in order, one task later; stolen; freed when their tab is gone. */
export class DeviceLocks {
  private readonly held = new Map<string, Holder>()
  private readonly queues = new Map<string, Claim[]>()
  private withheld = false

  constructor(
    private readonly scheduler: Scheduler,
    private readonly device: string,
    private readonly stolen: (tab: string) => void,
    /** Tabs share no locks; hears of each that is taken while another tab has one of its name. */
    private readonly apart?: (tab: string, name: string) => void,
  ) {}

  request<T>(tab: string, shared: string, options: LockOptions, task: Task<T>): Promise<T> {
    const name = this.apart ? `${shared} of ${tab}` : shared
    return new Promise<T>((resolve, reject) => {
      const { signal } = options
      if (signal?.aborted) return reject(signal.reason)
      const run = (holder: Holder) => () => this.hold(holder, task).then(resolve, reject)
      const post = (work: () => void) => this.scheduler.post(`lock:${tab}`, work, tab)

      if (options.steal) {
        this.steal(name)
        return post(run(this.take(tab, name)))
      }
      if (!this.withheld && !this.held.has(name)) {
        // Taken at once, told one task later: two tabs asking in the same step never both get it.
        return post(run(this.take(tab, name)))
      }
      if (options.ifAvailable) {
        return post(() => task(false, new AbortController().signal).then(resolve, reject))
      }
      const claim: Claim = {
        tab,
        grant: () => {
          signal?.removeEventListener('abort', withdraw)
          post(run(this.take(tab, name)))
        },
      }
      const withdraw = () => {
        const queue = this.queues.get(name) ?? []
        this.queues.set(
          name,
          queue.filter((each) => each !== claim),
        )
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', withdraw, { once: true })
      this.queues.set(name, [...(this.queues.get(name) ?? []), claim])
    })
  }

  /** How many locks a tab holds or waits for. */
  countOf(tab: string): number {
    const holders = [...this.held.values()].filter((holder) => holder.tab === tab)
    const claims = [...this.queues.values()].flat().filter((claim) => claim.tab === tab)
    return holders.length + claims.length
  }

  /** Nobody gets a lock that is free until {@link restore}; thieves do. */
  withhold(): void {
    this.withheld = true
  }

  restore(): void {
    this.withheld = false
    for (const name of this.queues.keys()) if (!this.held.has(name)) this.grantNext(name)
  }

  /** Takes every lock from a tab, as by code that steals and lets go. Answers whether it had one. */
  rob(tab: string): boolean {
    const names = [...this.held].filter(([, holder]) => holder.tab === tab).map(([name]) => name)
    for (const name of names) {
      this.steal(name)
      this.grantNext(name)
    }
    return names.length > 0
  }

  /** The tab is gone; its locks go after `ms`, as late as a browser may be. */
  forget(tab: string, ms: number): void {
    for (const [name, queue] of this.queues) {
      this.queues.set(
        name,
        queue.filter((each) => each.tab !== tab),
      )
    }
    for (const holder of this.held.values()) {
      if (holder.tab === tab) this.scheduler.after(ms, `locks:${this.device}`, holder.release, this.device)
    }
  }

  private grantNext(name: string): void {
    if (!this.withheld) this.queues.get(name)?.shift()?.grant()
  }

  private take(tab: string, name: string): Holder {
    const holder: Holder = {
      tab,
      lost: new AbortController(),
      release: () => {
        if (this.held.get(name) !== holder) return
        this.held.delete(name)
        this.grantNext(name)
      },
    }
    this.tellApart(name, holder)
    this.held.set(name, holder)
    return holder
  }

  private tellApart(name: string, { tab }: Holder): void {
    const ofAll = name.replace(` of ${tab}`, '')
    const other = [...this.held].some(([held, one]) => one.tab !== tab && held === `${ofAll} of ${one.tab}`)
    if (other) this.apart?.(tab, ofAll)
  }

  private steal(name: string): void {
    const holder = this.held.get(name)
    if (!holder) return
    this.held.delete(name)
    this.stolen(holder.tab)
    const work = () => holder.lost.abort(new DOMException('another tab stole the lock', 'AbortError'))
    this.scheduler.post(`lock:${holder.tab}`, work, holder.tab)
  }

  /** A lock that is stolen before its tab was told of it is had and lost in turn. */
  private async hold<T>(holder: Holder, task: Task<T>): Promise<T> {
    try {
      return await task(true, holder.lost.signal)
    } finally {
      holder.release()
    }
  }
}
