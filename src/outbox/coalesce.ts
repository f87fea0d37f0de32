import type { Change, Key, Row } from '../model/change'

/** A row with the fields of an update set and removed; a copy. */
export function withFields(row: Row, set: Row = {}, unset: readonly string[] = []): Row {
  const copy = { ...row, ...set }
  for (const field of unset) delete copy[field]
  return copy
}

/** The row after a change; null = it does not exist. An update of a row that is gone brings back what it knew of it. */
export function applyChange(row: Row | null, change: Change): Row | null {
  if (change.kind === 'create') return change.row ?? null
  if (change.kind === 'delete') return null
  return withFields(row ?? change.before ?? {}, change.set, change.unset)
}

/** The row after several changes, in order. */
export function applyChanges(row: Row | null, changes: readonly Change[]): Row | null {
  return changes.reduce<Row | null>(applyChange, row)
}

/**
 * Folds the waiting changes of one record, oldest first, into the one that has the same effect; null = none is
 * needed (a row made and removed again). Only for changes never sent (decision 2).
 *
 * create+update = create · create+delete = nothing · update+update = update · update+delete = delete ·
 * delete+create = update by whole row.
 */
export function coalesce(changes: readonly Change[]): Change | null {
  return changes.reduce<Change | null>((folded, next) => (folded ? fold(folded, next) : next), null)
}

function fold(first: Change, next: Change): Change | null {
  switch (`${first.kind}+${next.kind}`) {
    case 'create+update':
      return { ...first, row: withFields(first.row ?? {}, next.set, next.unset) }
    case 'create+delete':
      return null
    case 'update+delete':
      return { kind: 'delete', key: first.key, ...(first.before && { before: first.before }) }
    case 'delete+create':
      return asUpdate(first.key, first.before ?? {}, next.row ?? {})
    case 'create+create':
      return { ...next, key: first.key }
    case 'delete+delete':
      return first
    case 'update+create':
      return asUpdate(first.key, first.before ?? {}, next.row ?? {})
    default:
      return foldUpdates(first, next)
  }
}

function foldUpdates(first: Change, next: Change): Change {
  if (first.kind === 'delete') return asUpdate(first.key, first.before ?? {}, applyChange(null, next) ?? {})
  const set = withFields({ ...first.set, ...next.set }, {}, next.unset)
  const unset = [...new Set([...(first.unset ?? []), ...(next.unset ?? [])])].filter(
    (field) => !Object.hasOwn(set, field),
  )
  return { ...first, set, unset }
}

/** The update that turns one whole row into another, by whole row. */
function asUpdate(key: Key, before: Row, row: Row): Change {
  const unset = Object.keys(before).filter((field) => !Object.hasOwn(row, field))
  return { kind: 'update', key, before, set: { ...row }, unset }
}
