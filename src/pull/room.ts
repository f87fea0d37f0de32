import type { Reason } from '../model/outcome'

/** What a scope has learned from a disk that was full (FAULTS F2). */
export interface Room {
  /** Rows to ask for in a page from now on. */
  readonly limit: number
  readonly failures: number
  /** Monotonic time before which it does not ask, ms: what it cannot keep it need not fetch. */
  readonly restUntil: number
  readonly reason: Reason
}

/** ms of rest after the first refusal; each next is twice as long. */
const firstRest = 5_000
const longestRest = 300_000

/**
 * After one more page found no room: half the page, and longer rests. The page grows again only when the scope has been
 * pulled to its end: servers that count pages would skip rows if it grew on the way.
 */
export function withoutRoom(
  before: Room | undefined,
  pageSize: number,
  monotonic: number,
  reason: Reason,
): Room {
  const failures = (before?.failures ?? 0) + 1
  return {
    limit: Math.max(1, Math.floor((before?.limit ?? pageSize) / 2)),
    failures,
    restUntil: monotonic + Math.min(longestRest, firstRest * 2 ** (failures - 1)),
    reason,
  }
}
