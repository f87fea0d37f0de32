import type { StoredLogRecord } from '../model/change'
import type { KeyPath } from '../model/table'
import type { Tx } from '../storage/transaction'
import type { Ledger } from './ledger'
import { type Owned, withoutOthersRow } from './whose'

/** Marks changes that rest on rows of others, and takes those rows out of the log. Answers whether there were any. */
export async function markForeign(
  tx: Tx,
  tables: Ledger['tables'],
  foreign: readonly Owned[],
): Promise<boolean> {
  const marks = new Map<number, Set<number>>()
  for (const { ref } of foreign) {
    const [seq, index] = ref
    const known = marks.get(seq)
    if (known) known.add(index)
    else marks.set(seq, new Set([index]))
  }
  const records = await tx.getMany<StoredLogRecord>('_sync_log', [...marks.keys()])
  await tx.put(
    '_sync_log',
    records.flatMap((record) =>
      record ? [marked(record, marks.get(record.seq)!, tables.get(record.table)?.keyPath ?? null)] : [],
    ),
  )
  return foreign.length > 0
}

function marked(record: StoredLogRecord, indexes: ReadonlySet<number>, keyPath: KeyPath): StoredLogRecord {
  const changes = record.changes.map((change, i) =>
    indexes.has(i) ? withoutOthersRow(change, keyPath) : change,
  )
  return { ...record, changes }
}
