import type { Tx } from '../storage/transaction'
import { keysNow } from './keys-now'
import type { Ledger } from './ledger'
import { rewriteChanges } from './rewrite-changes'
import { type Owned, withoutOthersRow } from './whose'

/** Marks changes that rest on rows of others, and takes those rows out of the log. Answers whether there were any. */
export async function markForeign(
  tx: Tx,
  tables: Ledger['tables'],
  foreign: readonly Owned[],
): Promise<boolean> {
  // Aliases go with whose rows they were, and nothing would tell the keys any more.
  const keyNow = await keysNow(tx, foreign)
  await rewriteChanges(
    tx,
    foreign.map(({ ref, table, change }) => {
      const keyPath = tables.get(table)?.keyPath ?? null
      return { ref, change: withoutOthersRow({ ...change, key: keyNow(table, change.key) }, keyPath) }
    }),
  )
  return foreign.length > 0
}
