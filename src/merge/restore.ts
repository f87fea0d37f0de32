import type { Row } from '../model/change'
import { copyField } from '../model/field'
import type { Conflict } from '../model/held'
import { differingFields } from './difference'

/**
 * What a parked conflict is about when a person decides it: the fields it was met in and whatever else was edited here,
 * before and since; all that differs where it is not known what was.
 */
export function contestedFields(
  { base, fields }: Pick<Conflict, 'base' | 'fields'>,
  local: Row | null,
  remote: Row | null,
  serverFields: readonly string[],
): string[] {
  if (!base || !local || !remote) return differingFields(local, remote, serverFields)
  return [...new Set([...fields, ...differingFields(base, local, serverFields)])]
}

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
  for (const field of contested) copyField(field, wanted, row)
  return row
}
