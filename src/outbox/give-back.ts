import { withKey } from '../keys/key-in-row'
import type { Row } from '../model/change'
import { sameValue } from '../model/equal'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { applyChange, applyChanges } from './coalesce'
import type { Ledger } from './ledger'
import { rewriteChanges } from './rewrite-changes'
import type { Owned, OwnedRecord } from './whose'

/** A change to a row that several logins have changed. */
export interface Touch extends Owned {
  readonly mine: boolean
}

/**
 * Rows that others have changed are again as they were before, where what was done since still stands, with what is
 * `mine` of it on top. That was made on the others' row: sent as a whole row, theirs would leave with it.
 */
export async function giveBack(
  tx: Tx,
  batch: Batch,
  tables: Ledger['tables'],
  touched: readonly OwnedRecord<Touch>[],
): Promise<void> {
  const rewritten: Owned[] = []
  for (const { table, key, entries } of touched) {
    const first = entries.findIndex(({ mine }) => !mine)
    const before = entries[first]?.change.before
    if (!before) continue
    const since = entries.slice(first)
    const keyPath = tables.get(table)?.keyPath ?? null
    let row: Row | null = withKey(before, keyPath, key)
    const changed = applyChanges(
      row,
      since.map(({ change }) => change),
    )
    const now = await tx.get<Row>(table, key)
    if (!sameValue(now ?? null, changed && withKey(changed, keyPath, key))) continue
    for (const one of since) {
      if (!one.mine) continue
      const { change } = one
      if (change.before && row) rewritten.push({ ...one, change: { ...change, before: row } })
      row = applyChange(row, change)
    }
    if (row) batch.put(table, key, withKey(row, keyPath, key))
    else batch.remove(table, key)
  }
  await rewriteChanges(tx, rewritten)
}
