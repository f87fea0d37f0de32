import type { Key, Row } from '../model/change'
import type { RecordState } from '../model/record-state'
import { baseOf } from '../outbox/base-of'
import { bringTogether } from '../outbox/bring-together'
import { applyChanges } from '../outbox/coalesce'
import { discardedReceipt } from '../outbox/discarded-receipt'
import type { Term } from '../outbox/term'
import { writeResolution } from '../outbox/write-resolution'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'

/**
 * Changes that a person gave up while they were on their way (decision 13) go, now that the server has not taken
 * them: the row is what the server has, with later changes on top. `remote`: its row, where the answer told.
 */
export async function dropDiscarded(
  tx: Tx,
  batch: Batch,
  term: Term,
  state: RecordState,
  remote?: Row | null,
): Promise<() => void> {
  const { outbox, tables, env } = term
  const { table, key } = state
  const given = new Set(state.discard?.map(String))
  const refs = outbox.of(table, key)?.entries.map(({ ref }) => ref) ?? []
  const base = baseOf(state, await outbox.changes(refs, tx))
  const known = remote !== undefined ? remote : state.incoming ? state.incoming.row : base
  const left = refs.filter((ref) => !given.has(String(ref)))
  const changes = await outbox.changes(left, tx)
  const finished = await outbox.finish(
    tx,
    refs.filter((ref) => given.has(String(ref))),
  )
  if (left.length > 0) {
    const local = applyChanges(base, changes)
    const resolution = bringTogether({ base, local, remote: known }, changes, tables.get(table)!)
    if (resolution.asks) {
      const { discard: _, ...rest } = state
      const undecided: RecordState = { ...rest, base, incoming: { row: known } }
      batch.put('_sync_records', [table, key], undecided)
      writeRow(batch, table, key, local)
      return () => {
        finished()
        outbox.noteState(undecided)
      }
    }
    const contested = { table, key, refs: left, base, remote: known, local }
    const written = await writeResolution(tx, batch, term, contested, resolution)
    return () => {
      finished()
      written()
    }
  }
  writeRow(batch, table, key, known)
  const receipt = discardedReceipt(state, env.now())
  batch.put('_sync_records', [table, key], receipt)
  return () => {
    finished()
    outbox.noteState(receipt)
  }
}

function writeRow(batch: Batch, table: string, key: Key, row: Row | null): void {
  if (row) batch.put(table, key, row)
  else batch.remove(table, key)
}

/** The state of a record with changes that a person gave up while they were on their way. */
export async function stateIfDiscarded(
  tx: Tx,
  { outbox }: Pick<Term, 'outbox'>,
  record: { readonly table: string; readonly key: Key },
): Promise<RecordState | undefined> {
  const [state] = await outbox.readStates(tx, [record])
  return state?.discard && state
}
