import type { Change, Row } from '../model/change'
import type { RecordState } from '../model/record-state'
import { coalesce } from './coalesce'

/**
 * The row the waiting changes of a record stand on (decision 3); null = there was none. One that was made here, may have
 * arrived and is deleted stands on what was sent: else the deletion would have nothing to delete.
 */
export function baseOf(state: RecordState | undefined, changes: readonly Change[]): Row | null {
  if (state?.base !== undefined) return state.base
  if (state?.sent && changes.length > 0 && coalesce(changes) === null) return state.sent
  return changes[0]?.before ?? null
}
