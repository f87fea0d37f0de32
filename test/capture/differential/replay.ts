import { keyText } from '../../../src/keys/key-text'
import type { Key, Row, StoredLogRecord } from '../../../src/model/change'
import { textOf } from './text'

/** Rows of all tables by table and key text. */
export type Rows = Map<string, Map<string, { readonly key: Key; readonly row: unknown }>>

/**
 * What the log makes of the rows that were there at its beginning. Throws where a change does not fit the row it finds:
 * a create over a row, an update or delete of none, a `before` that is not what was there.
 */
export function replay(start: Rows, log: readonly StoredLogRecord[]): Rows {
  const rows: Rows = new Map([...start].map(([table, inside]) => [table, new Map(inside)]))
  for (const { seq, table, changes } of log)
    for (const change of changes) {
      const inside = rows.get(table)!
      const key = keyText(change.key)
      const found = inside.get(key)
      const wrong = (what: string) =>
        new Error(`record ${seq}: ${change.kind} of ${table} ${textOf(change.key)}: ${what}`)
      if (change.kind === 'create') {
        if (found) throw wrong(`there is ${textOf(found.row)}`)
        inside.set(key, { key: change.key, row: change.row })
        continue
      }
      if (!found) throw wrong('there is none')
      if (textOf(found.row) !== textOf(change.before))
        throw wrong(`before is ${textOf(change.before)}, but there is ${textOf(found.row)}`)
      if (change.kind === 'delete') inside.delete(key)
      else
        inside.set(key, { key: change.key, row: updated(found.row as Row, change.set!, change.unset ?? []) })
    }
  return rows
}

function updated(row: Row, set: Row, unset: readonly string[]): Row {
  const kept = Object.entries(row).filter(([name]) => !unset.includes(name))
  return { ...Object.fromEntries(kept), ...set }
}
