/**
 * When something was done, as a hybrid logical clock tells it: ms by the server's clock as far as it is known, a count
 * within that ms, and the tab that did it.
 */
export interface Stamp {
  readonly time: number
  readonly count: number
  readonly node: string
}

/** The order of two stamps: total, so that every device comes to the same answer. Negative when `a` is earlier. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return a.time - b.time || a.count - b.count || (a.node < b.node ? -1 : a.node > b.node ? 1 : 0)
}

/** What every tab of a device must know to make stamps: kept in the database, told between tabs. */
export interface ClockMemory {
  /** ms the server's clock is ahead of the device's. */
  readonly offset: number
  /** The latest time that was seen or made, ms by the server's clock. */
  readonly seen: number
  /** How often the server has set it right, as far as its tab knows: of two memories the one with more is the newer. */
  readonly corrections: number
}
