import type { Row } from '../model/change'
import { sameValue } from '../model/equal'
import { copyField } from '../model/field'
import { differingFields } from './difference'
import type { Versions } from './versions'

/**
 * What the row is when nobody disagrees (I6): `replayed`, the server's row with the waiting changes on top, but a field
 * that is here what it was before, though it was something else in between, is the server's.
 */
export function rebase(
  { base, local, remote }: Versions,
  replayed: Row | null,
  serverFields: readonly string[],
): Row | null {
  if (!base || !local || !remote || !replayed) return replayed
  const row = { ...replayed }
  for (const field of differingFields(replayed, remote, serverFields)) {
    if (!sameValue(base[field], local[field])) continue
    copyField(field, remote, row)
  }
  return row
}
