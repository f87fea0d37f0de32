import type { Row } from '../model/change'
import { sameValue } from '../model/equal'

/**
 * True where the server holds everything that was sent, whatever it has added of its own: an earlier try has arrived, and
 * its refusal to take it once more is no conflict (FAULTS A1, A7). A deletion has arrived where nothing is left.
 */
export function hasArrived(sent: Row | null, remote: Row | null, serverFields: readonly string[]): boolean {
  if (sent === null || remote === null) return sent === remote
  return Object.keys(sent).every(
    (field) => serverFields.includes(field) || sameValue(sent[field], remote[field]),
  )
}
