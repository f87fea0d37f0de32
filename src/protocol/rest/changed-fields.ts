import type { Row } from '../../model/change'
import { sameWire } from '../../model/wire'

/** The fields of `row` that differ from `base` in wire form, removed ones as null: JSON cannot say "not there". */
export function changedFields(base: Row | null, row: Row): Row {
  const before = base ?? {}
  const changed = Object.entries(row).filter(
    ([name, value]) => value !== undefined && !(Object.hasOwn(before, name) && sameWire(before[name], value)),
  )
  const removed = Object.keys(before).filter(
    (name) => before[name] !== undefined && !(Object.hasOwn(row, name) && row[name] !== undefined),
  )
  return Object.fromEntries([...changed, ...removed.map((name) => [name, null] as const)])
}

/** A row without some of its fields. */
export function without(row: Row, fields: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !fields.includes(name)))
}
