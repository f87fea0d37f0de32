import type { Change, Key, Row } from '../model/change'
import { differingFields } from './difference'

/** The one change that turns the server's row into the local one; null where they are the same. */
export function changeBetween(key: Key, from: Row | null, to: Row | null): Change | null {
  if (to === null) return from === null ? null : { kind: 'delete', key, before: from }
  if (from === null) return { kind: 'create', key, row: to }
  const fields = differingFields(from, to)
  if (fields.length === 0) return null
  const stays = (field: string) => Object.hasOwn(to, field)
  return {
    kind: 'update',
    key,
    before: from,
    set: Object.fromEntries(fields.filter(stays).map((field) => [field, to[field]])),
    unset: fields.filter((field) => !stays(field)),
  }
}
