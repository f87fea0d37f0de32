import { isRow, keyIn } from '../../keys/key-in-row'
import { keyText } from '../../keys/key-text'
import { isValidKey } from '../../keys/stored-key'
import { isTemporary } from '../../keys/temporary'
import type { Key, Row } from '../../model/change'
import type { Quarantined, TableChanges } from '../../model/checkpoint'
import type { RestTable } from './table'

/** What a page changes, and what in it cannot be applied. */
export interface PageRows {
  readonly changes: TableChanges
  readonly quarantined: readonly Quarantined[]
}

/**
 * Sorts what a server sent into rows, deletions and what is neither (B15, B16). Of several rows of one record the last
 * counts; the list of deletions counts after all rows.
 */
export function sortRows(table: RestTable, rows: readonly unknown[], deleted: readonly unknown[]): PageRows {
  const { name, shape, synced } = table
  const { orderField = '' } = synced
  const byKey = new Map<string, { readonly key: Key; readonly row: Row | null; readonly at: unknown }>()
  const quarantined: Quarantined[] = []
  const setAside = (row: unknown, code: Quarantined['code']) => quarantined.push({ table: name, row, code })

  function take(key: unknown, item: unknown, row: Row | null): void {
    if (key === undefined || key === null) setAside(item, 'row-without-key')
    // A key of the kind this device makes would be taken for a row made here.
    else if (!isValidKey(key) || (synced.keys === 'server' && isTemporary(key)))
      setAside(item, 'row-invalid-key')
    else byKey.set(keyText(key), { key, row, at: isRow(item) ? item[orderField] : undefined })
  }

  for (const row of rows) {
    if (!isRow(row)) setAside(row, 'row-not-object')
    else take(keyIn(row, shape.keyPath), row, table.isDeleted(row) ? null : row)
  }
  for (const item of deleted) take(isRow(item) ? keyIn(item, shape.keyPath) : item, item, null)

  const found = [...byKey.values()]
  const gone = found.filter(({ row }) => !row)
  return {
    changes: {
      table: name,
      rows: found.flatMap(({ row }) => (row ? [row] : [])),
      deleted: gone.map(({ key }) => key),
      ...(gone.some(({ at }) => at !== undefined) && { deletedAt: gone.map(({ at }) => at) }),
    },
    quarantined,
  }
}
