import type { Change, Key, Row } from '../model/change'
import { sameValue } from '../model/equal'

/** A stored row; undefined = there is none. Tables with outside keys may hold values that are no objects. */
export type Stored = unknown

/**
 * What happened to a row, as the log tells it: always the difference between the two rows, never what Dexie was asked
 * to do. Nothing when nothing changed. A value without fields is replaced: deleted and made again.
 */
export function describe(key: Key, before: Stored, after: Stored): Change[] {
  if (after === undefined) return before === undefined ? [] : [{ kind: 'delete', key, before: before as Row }]
  if (before === undefined) return [{ kind: 'create', key, row: after as Row }]
  if (!hasFields(before) || !hasFields(after)) {
    if (same(before, after)) return []
    return [
      { kind: 'delete', key, before: before as Row },
      { kind: 'create', key, row: after as Row },
    ]
  }
  const set = changedFields(before, after)
  const unset = Object.keys(before).filter((name) => !Object.hasOwn(after, name))
  if (unset.length === 0 && Object.keys(set).length === 0) return []
  return [{ kind: 'update', key, set, ...(unset.length > 0 && { unset }), before }]
}

function changedFields(before: Row, after: Row): Row {
  const names = Object.keys(after).filter(
    (name) => !Object.hasOwn(before, name) || !same(before[name], after[name]),
  )
  return Object.fromEntries(names.map((name) => [name, after[name]]))
}

function hasFields(row: Stored): row is Row {
  return Object.prototype.toString.call(row) === '[object Object]'
}

function same(a: unknown, b: unknown): boolean {
  try {
    return sameValue(a, b)
  } catch {
    return false // values that contain themselves cannot be compared to their end: they count as changed
  }
}
