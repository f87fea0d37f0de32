/** What a resync would remove of one table. */
export interface Sweep {
  /** Rows here that the server did not list. */
  readonly unlisted: number
  /** Rows here in all. */
  readonly rows: number
  /** Rows the server listed. */
  readonly listed: number
}

/** Fewer rows than this are never asked about. */
const smallest = 20

/**
 * True where it is more likely that the server's answer is bad than that the rows are gone (FAULTS B8, S27): it listed
 * nothing at all, or most rows would go. `ratio` 1 = only the former.
 */
export function isMassSweep({ unlisted, rows, listed }: Sweep, ratio: number): boolean {
  if (unlisted === 0) return false
  return listed === 0 || (unlisted >= smallest && unlisted > ratio * rows)
}
