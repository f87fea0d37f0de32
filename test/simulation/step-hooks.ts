import type { Scheduler } from './scheduler'

interface Hook {
  readonly ready: () => boolean
  /** The last step it waits for. */
  readonly last: number
  readonly work: (met: boolean) => void
}

/** Work that waits for a step and not for a time: virtual time stands still in transactions. */
export class StepHooks {
  private waiting: Hook[] = []

  constructor(private readonly scheduler: Scheduler) {
    scheduler.beforeStep = () => this.look()
  }

  /** How many wait. */
  get pending(): number {
    return this.waiting.length
  }

  /** Before the step so many steps from now. */
  after(steps: number, work: () => void): void {
    const at = this.scheduler.steps + steps
    this.waiting.push({ ready: () => this.scheduler.steps >= at, last: Number.POSITIVE_INFINITY, work })
  }

  /** Before the first step at which `ready` says so (true), or after so many steps without (false). */
  when(ready: () => boolean, steps: number, work: (met: boolean) => void): void {
    this.waiting.push({ ready, last: this.scheduler.steps + steps, work })
  }

  private look(): void {
    if (this.waiting.length === 0) return
    for (const hook of [...this.waiting]) {
      const met = hook.ready()
      if (!met && this.scheduler.steps <= hook.last) continue
      this.waiting = this.waiting.filter((one) => one !== hook)
      hook.work(met)
    }
  }
}
