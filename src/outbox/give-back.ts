import { withKey } from '../keys/key-in-row'
import type { Row } from '../model/change'
import { sameValue } from '../model/equal'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { applyChanges } from './coalesce'
import type { Ledger } from './ledger'
import { type OwnedRecord, restingOnOthers } from './whose'

/** Rows that others have changed are again as they were before, where what the others did still stands. */
export async function giveBack(
  tx: Tx,
  batch: Batch,
  tables: Ledger['tables'],
  touched: readonly OwnedRecord[],
): Promise<void> {
  for (const record of touched) {
    const { table, key, entries } = record
    const before = restingOnOthers(record)[0]?.change.before
    if (!before) continue
    const keyPath = tables.get(table)?.keyPath ?? null
    const was = withKey(before, keyPath, key)
    const changed = applyChanges(
      was,
      entries.map(({ change }) => change),
    )
    const now = await tx.get<Row>(table, key)
    if (sameValue(now ?? null, changed && withKey(changed, keyPath, key))) batch.put(table, key, was)
  }
}
