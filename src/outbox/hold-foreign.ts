import type { DeadLetter } from '../model/held'
import type { RecordState } from '../model/record-state'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import type { FoundEntry, Ledger } from './ledger'
import { hold } from './marks'
import { byRecord } from './whose'

/**
 * What was done to rows of somebody else is held for its login (I11): the server may not have such a row for it. Discarded,
 * it leaves nothing; sent again, it goes on top of what the server has for this login. Call the answer after the commit.
 */
export async function holdForeign(
  tx: Tx,
  batch: Batch,
  { env, emit }: Pick<Ledger, 'env' | 'emit'>,
  own: readonly FoundEntry[],
): Promise<() => void> {
  const letters: DeadLetter[] = []
  const foreign = own.filter(({ change, mark }) => change.foreign && !mark)
  for (const { table, key, entries } of byRecord(foreign)) {
    const id = env.uuid()
    const at = env.now()
    const reason = { code: 'foreign-base' as const, at }
    const refs = entries.map(({ ref }) => ref)
    const { kind } = entries.at(-1)!.change
    letters.push({ id, table, key, kind, reason, attempts: 0, firstSentAt: at, at, entries: refs })
    await hold(tx, refs, { held: 'dead', by: id })
    const known = await tx.get<RecordState>('_sync_records', [table, key])
    // The other's row is no base: there is none until the server tells of one.
    if (!known) batch.put('_sync_records', [table, key], { table, key, base: null })
  }
  for (const letter of letters) batch.put('_sync_letters', letter.id, letter)
  return () => {
    for (const { id, table, key, reason } of letters) emit('dead-letter', { id, table, key, reason })
  }
}
