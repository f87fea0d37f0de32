import type { Tx } from '../storage/transaction'
import type { ExistingRecord } from './existing'
import type { FoundEntry, Ledger } from './ledger'
import { recordId } from './waiting'

/**
 * How many rows may not be at the server although no change of the log speaks for them: those from before sync that are
 * still to be uploaded (decision 5), and those that lost their history and that the server has not told of (decision 4).
 */
export async function countUnrecorded(
  tx: Tx,
  { tables, uploads }: Pick<Ledger, 'tables' | 'uploads'>,
  entries: readonly FoundEntry[],
): Promise<number> {
  const recorded = new Set(entries.map(({ table, change }) => recordId(table, change.key)))
  let count = 0
  for (const { name, push } of tables.values()) {
    const adopted = await tx.get('_sync_meta', `adopted:${name}`)
    const existing = await tx.get<ExistingRecord>('_sync_meta', `existing:${name}`)
    const toUpload = uploads && push && !adopted ? await tx.keys(name) : []
    const orphans = existing?.orphans ? existing.keys : []
    count += [...toUpload, ...orphans].filter((key) => !recorded.has(recordId(name, key))).length
  }
  return count
}
