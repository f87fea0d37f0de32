import type { Alias } from '../model/alias'
import type { Key, StoredLogRecord } from '../model/change'
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
  const kept: StoredLogRecord[] = []
  for (const record of records) {
    if (!record) continue
    const indexes = marks.get(record.seq)!
    const keys = await keysNow(tx, record, indexes)
    kept.push(marked(record, indexes, keys, tables.get(record.table)?.keyPath ?? null))
  }
  await tx.put('_sync_log', kept)
  return foreign.length > 0
}

/** The keys rows have by now: aliases go with whose rows they were, and nothing would tell any more. */
async function keysNow(
  tx: Tx,
  { table, changes }: StoredLogRecord,
  indexes: ReadonlySet<number>,
): Promise<ReadonlyMap<number, Key>> {
  const wanted = [...indexes]
  const aliases = await tx.getMany<Alias>(
    '_sync_aliases',
    wanted.map((index) => [table, changes[index]!.key]),
  )
  return new Map(wanted.map((index, i) => [index, aliases[i]?.key ?? changes[index]!.key]))
}

function marked(
  record: StoredLogRecord,
  indexes: ReadonlySet<number>,
  keys: ReadonlyMap<number, Key>,
  keyPath: KeyPath,
): StoredLogRecord {
  const changes = record.changes.map((change, i) =>
    indexes.has(i) ? withoutOthersRow({ ...change, key: keys.get(i)! }, keyPath) : change,
  )
  return { ...record, changes }
}
