import type { Crookedness } from './channel'
import type { Prng } from './prng'
import type { Struck } from './struck'

/** Probabilities, per message between two tabs. */
export interface MessageShape {
  readonly late: number
  readonly twice: number
}

/** Messages that come late, behind others of their sender, or twice (FAULTS E7). */
export class CrookedMessages implements Crookedness {
  private healed = false

  constructor(
    private readonly shape: MessageShape,
    private readonly draw: Prng,
    private readonly struck: Struck,
  ) {}

  /** From now on each comes once and at once. */
  heal(): void {
    this.healed = true
  }

  lateness(): number {
    if (!this.strikes('message-late', this.shape.late)) return 0
    return this.draw.pick([10, 500, 20_000])
  }

  isDoubled(): boolean {
    return this.strikes('message-twice', this.shape.twice)
  }

  private strikes(name: string, rate: number): boolean {
    if (this.healed || rate === 0 || !this.draw.chance(rate)) return false
    this.struck.count(name)
    return true
  }
}
