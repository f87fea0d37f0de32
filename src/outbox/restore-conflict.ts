import { withKey } from '../keys/key-in-row'
import { changeBetween } from '../merge/change-between'
import { restoredRow } from '../merge/restore'
import type { Key, Row } from '../model/change'
import type { Conflict } from '../model/held'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { type Ledger, openOutbox } from './ledger'
import { startAnew } from './start-anew'

/**
 * Decides a conflict anew that was decided before, within `tx`: what was overruled returns as an edit of its own on top
 * of the row as it is now, and leaves like any other. Answers the key the row has then.
 */
export async function restoreConflict(
  tx: Tx,
  batch: Batch,
  ledger: Ledger,
  conflict: Conflict & { readonly key: Key },
  decision: 'local' | 'remote' | Row,
): Promise<Key> {
  const { table } = conflict
  const known = ledger.tables.get(table)!
  const key = ledger.aliases.resolve(table, conflict.key)
  const now = (await tx.get<Row>(table, key)) ?? null
  const wanted = typeof decision === 'string' ? restoredRow(conflict, decision, now) : decision
  const row = wanted && withKey(wanted, known.keyPath, key)
  const change = changeBetween(key, now, row)
  if (!change) return key
  const made = change.kind === 'create' ? startAnew(batch, ledger.env, known, key, change.row!) : change
  if (made.kind === 'update') batch.put(table, key, row!)
  if (made.kind === 'delete') batch.remove(table, key)
  await openOutbox(ledger).append(tx, { table, changes: [made], confirmed: true })
  return made.key
}
