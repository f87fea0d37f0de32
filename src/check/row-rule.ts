import { withKey } from '../keys/key-in-row'
import { differingFields } from '../merge/difference'
import type { Row } from '../model/change'
import { applyChanges } from '../outbox/coalesce'
import { isComparable } from './comparable'
import type { Found, OpenRecord } from './stored'

/** A row is its base with the waiting changes on top (I6); what a person must decide stays as it was met. */
export function judgeRow(record: OpenRecord): Found[] {
  const { table, key, row, entries } = record
  // What was done to a row of somebody else rests on nothing that is here; what others did shows until the server's word.
  if (entries.some(({ change, own }) => change.foreign || !own)) return []
  const expected = expectedRows(record)
  if (expected.some((one) => isAsExpected(row, one, record))) return []
  const [first = null] = expected
  const about = { table, key, rows: { local: row, expected: first } }
  if (!row) return [{ ...about, code: 'row-missing' }]
  if (!first) return [{ ...about, code: 'row-remains' }]
  return [{ ...about, code: 'row-differs', fields: fieldsBetween(row, first, record) }]
}

function expectedRows({ entries, state, met, key, keyPath }: OpenRecord): (Row | null)[] {
  const changes = entries.map(({ change }) => change)
  const before = changes[0]?.before ?? null
  const base = state?.base !== undefined ? state.base : before
  const isParked = state?.parked !== undefined || entries.some(({ mark }) => mark?.held === 'parked')
  const bases = isParked ? [base, before, ...met] : [base]
  return bases.map((one) => {
    const row = applyChanges(one, changes)
    return row && withKey(row, keyPath, key)
  })
}

function isAsExpected(row: Row | null, expected: Row | null, record: OpenRecord): boolean {
  if (!row || !expected) return row === expected
  return fieldsBetween(row, expected, record).length === 0
}

function fieldsBetween(row: Row, expected: Row, { serverFields }: OpenRecord): string[] {
  return differingFields(row, expected, serverFields).filter(
    (field) => isComparable(row[field]) && isComparable(expected[field]),
  )
}
