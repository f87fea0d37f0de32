import type { EntryRef, Fence, FenceItem } from '../model/entry'
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
  /** The server has them; a page will tell what became of them. */
  readonly heard: number
}

export const nothingSettled: Settled = { accepted: 0, refused: 0, conflicts: 0, heard: 0 }

export function addSettled(a: Settled, b: Settled): Settled {
  return {
    accepted: a.accepted + b.accepted,
    refused: a.refused + b.refused,
    conflicts: a.conflicts + b.conflicts,
    heard: a.heard + b.heard,
  }
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
  /** Changes that are settled by it. */
  readonly done?: readonly EntryRef[]
  readonly committed: () => void
}
