import type { FenceItem } from '../model/entry'
import type { DeadLetter } from '../model/held'
import type { Reason } from '../model/outcome'
import type { Term } from '../outbox/term'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'

/**
 * Makes a dead letter of changes that will not be taken (I9), within `tx`. They stay in the log, and hold back later
 * changes of their record. Call the answer once the transaction has committed.
 */
export async function refuse(
  tx: Tx,
  batch: Batch,
  { outbox, env, emit }: Pick<Term, 'outbox' | 'env' | 'emit'>,
  item: FenceItem,
  { id, attempts, firstSentAt, inDoubt }: Pick<DeadLetter, 'id' | 'attempts' | 'firstSentAt' | 'inDoubt'>,
  reason: Reason,
): Promise<() => void> {
  const { table, key, kind, entries } = item
  const known = { id, table, key, kind, reason, attempts, firstSentAt, at: env.now(), entries }
  const letter: DeadLetter = { ...known, ...(inDoubt && { inDoubt }) }
  batch.put('_sync_letters', id, letter)
  const held = await outbox.hold(tx, entries, 'dead', id)
  return () => {
    held()
    emit('dead-letter', { id, table, key, reason })
  }
}
