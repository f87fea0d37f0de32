import type { Row } from '../../../src/model/change'
import type { StoreChange } from '../history'
import { editable } from '../operations'
import { poison } from '../server'

/** The id of the write a value came from: every value of an editable field is one. */
export function writeOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  return value.startsWith(poison) ? value.slice(poison.length) : value
}

/** The ids of all writes whose values a row holds; `before`: without those it held there already. */
export function writesIn(row: Row | undefined, before?: Row): string[] {
  const fields = editable.filter((field) => before === undefined || before[field] !== row?.[field])
  const ids = fields.map((field) => writeOf(row?.[field])).filter((id) => id !== undefined)
  return [...new Set(ids)]
}

/** A row as server and devices must agree on it: times are compared as times. */
export function wireText(row: Row): string {
  const time = row.updated_at
  const at = typeof time === 'string' ? Date.parse(time) : time
  const entries = Object.entries({ ...row, updated_at: at }).filter(
    ([, value]) => value !== undefined && value !== null,
  )
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

export function isLive(row: Row): boolean {
  return row.deleted_at === undefined || row.deleted_at === null
}

/** True where a row was written over with the value it had. */
export function isRewrite({ before, after }: StoreChange): boolean {
  return before !== undefined && after !== undefined && wireText(before) === wireText(after)
}
