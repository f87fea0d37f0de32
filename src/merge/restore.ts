import type { Row } from '../model/change'
import type { Conflict } from '../model/held'
import { differingFields } from './difference'

/**
 * What a row becomes when a decided conflict is decided anew: the values one side had in the fields of the conflict,
 * on top of the row as it is now. Where that side had no row it is deleted; where there is none now it is made again.
 */
export function restoredRow(
  { fields, local = null, remote = null }: Pick<Conflict, 'fields' | 'local' | 'remote'>,
  side: 'local' | 'remote',
  now: Row | null,
): Row | null {
  const wanted = side === 'local' ? local : remote
  if (!wanted || !now) return wanted
  const contested = fields.length > 0 ? fields : differingFields(local, remote)
  const row: Row = { ...now }
  for (const field of contested) {
    if (field in wanted) row[field] = wanted[field]
    else delete row[field]
  }
  return row
}
