import type { FenceItem } from '../model/entry'
import { baseOf } from '../outbox/base-of'
import { bringTogether } from '../outbox/bring-together'
import { applyChanges } from '../outbox/coalesce'
import type { Term } from '../outbox/term'
import { writeResolution } from '../outbox/write-resolution'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { dropDiscarded } from './drop-discarded'

/**
 * Changes go back to waiting without an outcome: a server row that was kept for it (decision 3) is brought together
 * with them now, since no later page may bring it again. Call the answer once `tx` has committed.
 */
export async function takeIncoming(
  tx: Tx,
  batch: Batch,
  term: Term,
  { table, key }: Pick<FenceItem, 'table' | 'key'>,
): Promise<() => void> {
  const { outbox, tables } = term
  const [state] = await outbox.readStates(tx, [{ table, key }])
  if (state?.discard) return dropDiscarded(tx, batch, term, state)
  const record = outbox.of(table, key)
  if (!state?.incoming || !record) return () => {}
  if (record.entries.some(({ ref, held }) => held || outbox.massDeletes.has(ref))) return () => {}
  const refs = record.entries.map(({ ref }) => ref)
  const changes = await outbox.changes(refs, tx)
  const base = baseOf(state, changes)
  const remote = state.incoming.row
  const local = applyChanges(base, changes)
  const resolution = bringTogether({ base, local, remote }, changes, tables.get(table)!)
  if (resolution.asks) return () => {} // kept until the app has decided
  const contested = { table, key, refs, base, remote, local, rounds: state.rounds }
  return writeResolution(tx, batch, term, contested, resolution)
}

/** As {@link takeIncoming} for changes that stay held: the server's row is their base, the policy waits (decision 3). */
export async function baseOnIncoming(
  tx: Tx,
  batch: Batch,
  { outbox }: Term,
  { table, key }: Pick<FenceItem, 'table' | 'key'>,
): Promise<void> {
  const [state] = await outbox.readStates(tx, [{ table, key }])
  if (!state?.incoming) return
  const { incoming, ...rest } = state
  const changes = await outbox.changes(outbox.of(table, key)?.entries.map(({ ref }) => ref) ?? [], tx)
  const row = applyChanges(incoming.row, changes)
  if (row) batch.put(table, key, row)
  else batch.remove(table, key)
  batch.put('_sync_records', [table, key], { ...rest, base: incoming.row })
}
