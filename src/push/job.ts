import type { Fence, FenceItem } from '../model/entry'
import type { Outcome } from '../model/outcome'

/** A request and what the server said of each of its items. */
export interface Answered {
  readonly fence: Fence
  readonly outcomes: readonly Outcome[]
}

/** How many changes went which way. */
export interface Settled {
  readonly accepted: number
  readonly refused: number
  readonly conflicts: number
}

/** One item with its outcome, inside the settling transaction. */
export interface Job {
  readonly fence: Fence
  readonly item: FenceItem
  readonly outcome: Outcome
}

/** What a job did, to be carried into memory and told once the transaction has committed. */
export interface Effect {
  readonly count: keyof Settled | null
  /** The fence stays: the same bytes go again. */
  readonly keeps: boolean
  readonly committed: () => void
}
