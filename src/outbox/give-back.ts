import type { Row } from '../model/change'
import { sameValue } from '../model/equal'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { applyChanges } from './coalesce'
import { type OwnedRecord, restingOnOthers } from './whose'

/** Rows that others have changed are again as they were before, where what the others did still stands. */
export async function giveBack(tx: Tx, batch: Batch, touched: readonly OwnedRecord[]): Promise<void> {
  for (const record of touched) {
    const { table, key, entries } = record
    const before = restingOnOthers(record)[0]?.change.before
    if (!before) continue
    const theirs = applyChanges(
      before,
      entries.map(({ change }) => change),
    )
    const now = await tx.get<Row>(table, key)
    if (sameValue(now ?? null, theirs)) batch.put(table, key, before)
  }
}
