import type { WaitingEntry, WaitingRecord } from './waiting'

/**
 * The next records whose changes may leave, in the order in which they were made: nothing of the record is on its
 * way, held for a person, of other code, or made to wait by `mayLeave` (I2).
 */
export function select(
  records: Iterable<WaitingRecord>,
  limit: number,
  mayLeave: (record: WaitingRecord) => boolean,
): WaitingRecord[] {
  const selected: WaitingRecord[] = []
  if (limit <= 0) return selected
  for (const record of records) {
    if (!record.entries.every(isFree)) continue
    if (!mayLeave(record)) continue
    selected.push(record)
    if (selected.length === limit) break
  }
  return selected
}

/** Nothing stands between it and the server: it is not sent, held for a person, or of other code. */
export function isFree({ held, fence, shape }: WaitingEntry): boolean {
  return held === undefined && fence === undefined && shape === undefined
}
