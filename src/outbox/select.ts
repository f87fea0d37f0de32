import type { WaitingRecord } from './waiting'

/**
 * The next records whose changes may leave, in the order in which they were made: nothing of the record is on its
 * way, held for a person, or made to wait by `mayLeave` (I2).
 */
export function select(
  records: Iterable<WaitingRecord>,
  limit: number,
  mayLeave: (record: WaitingRecord) => boolean,
): WaitingRecord[] {
  const selected: WaitingRecord[] = []
  if (limit <= 0) return selected
  for (const record of records) {
    if (record.entries.some(({ held, fence }) => held !== undefined || fence !== undefined)) continue
    if (!mayLeave(record)) continue
    selected.push(record)
    if (selected.length === limit) break
  }
  return selected
}
