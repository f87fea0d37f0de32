import type { Change, StoredLogRecord } from '../model/change'
import type { Tx } from '../storage/transaction'
import type { Owned } from './whose'

/** Puts other changes in the places of some in the log. */
export async function rewriteChanges(
  tx: Tx,
  rewritten: readonly (Pick<Owned, 'ref'> & { readonly change: Change })[],
): Promise<void> {
  const made = new Map(rewritten.map(({ ref, change }) => [String(ref), change]))
  const seqs = [...new Set(rewritten.map(({ ref }) => ref[0]))]
  const records = await tx.getMany<StoredLogRecord>('_sync_log', seqs)
  await tx.put(
    '_sync_log',
    records.flatMap((record) => {
      if (!record) return []
      const changes = record.changes.map((change, i) => made.get(String([record.seq, i])) ?? change)
      return [{ ...record, changes }]
    }),
  )
}
