import { checkEpoch } from '../outbox/leader-check'
import { outlived } from '../outbox/outlived'
import type { Term } from '../outbox/term'

/** Removes receipts whose lag window is over: clean rows have no second copy (decision 3). */
export async function sweepReceipts(term: Term): Promise<void> {
  const { outbox, storage } = term
  const old = outlived(term)
  if (old.length === 0) return
  const unused = await storage.write(['_sync_records', '_sync_log', '_sync_leader'], async (tx) => {
    await checkEpoch(tx, term.epoch)
    await outbox.readTail(tx)
    const gone = old.filter(({ table, key }) => !outbox.of(table, key))
    await tx.remove(
      '_sync_records',
      gone.map(({ table, key }) => [table, key]),
    )
    return gone
  })
  for (const { table, key } of unused) outbox.forgetState(table, key)
}
