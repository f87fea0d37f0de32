import type { StoredLogRecord } from '../model/change'
import type { KeyPath } from '../model/table'
import type { Tx } from '../storage/transaction'
import { type KeyNow, keysNow } from './keys-now'
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
  // Aliases go with whose rows they were, and nothing would tell the keys any more.
  const keyNow = await keysNow(tx, foreign)
  const records = await tx.getMany<StoredLogRecord>('_sync_log', [...marks.keys()])
  const kept: StoredLogRecord[] = []
  for (const record of records) {
    if (!record) continue
    const indexes = marks.get(record.seq)!
    kept.push(marked(record, indexes, keyNow, tables.get(record.table)?.keyPath ?? null))
  }
  await tx.put('_sync_log', kept)
  return foreign.length > 0
}

function marked(
  record: StoredLogRecord,
  indexes: ReadonlySet<number>,
  keyNow: KeyNow,
  keyPath: KeyPath,
): StoredLogRecord {
  const changes = record.changes.map((change, i) =>
    indexes.has(i) ? withoutOthersRow({ ...change, key: keyNow(record.table, change.key) }, keyPath) : change,
  )
  return { ...record, changes }
}
