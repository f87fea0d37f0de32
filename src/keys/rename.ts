import type { Alias } from '../model/alias'
import type { Row } from '../model/change'
import type { Batch } from '../storage/batch'

/**
 * Writes the renaming of a row whose key the server made (decision 5): the row goes from its temporary key to the real
 * one, and the alias is recorded in the same transaction.
 */
export function renameRow(batch: Batch, alias: Alias, row: Row | null): void {
  const { table, temporary, key } = alias
  batch.remove(table, temporary)
  // A page may have brought the row under its real key before the answer came.
  if (row) batch.put(table, key, row)
  else batch.remove(table, key)
  batch.remove('_sync_records', [table, temporary])
  batch.put('_sync_aliases', [table, temporary], alias)
}
