import type { RecordState } from '../model/record-state'

/** What is left of a record's state once its changes were given up; what the server has confirmed still counts (I8). */
export function discardedReceipt(
  { table, key, floor, etag, incoming }: RecordState,
  at: number,
): RecordState {
  return {
    table,
    key,
    ...(floor !== undefined && { floor }),
    ...(etag !== undefined && !incoming && { etag }),
    settledAt: at,
    ended: { outcome: 'discarded', at },
  }
}
