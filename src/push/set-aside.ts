import { withKey } from '../keys/key-in-row'
import { temporaryKey } from '../keys/temporary'
import type { Key, Row } from '../model/change'
import type { Conflict } from '../model/held'
import type { RecordState } from '../model/record-state'
import type { Term } from '../outbox/term'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'

/**
 * Makes room for a row whose key the server has made, where a row of this device that the server never knew has that
 * key (decision 5): that one moves to a temporary key and is for a person. Call the answer once `tx` has committed;
 * undefined = the place is free, or holds the server's own row.
 */
export async function setAside(
  tx: Tx,
  batch: Batch,
  term: Term,
  table: string,
  key: Key,
): Promise<(() => void) | undefined> {
  const { outbox, existing, env, tables, emit } = term
  const [state] = await outbox.readStates(tx, [{ table, key }])
  if (!existing.has(table, key) && state?.parked === undefined) return undefined
  const row = await tx.get<Row>(table, key)
  if (!row) return undefined
  const fresh = temporaryKey(typeof key === 'number' ? 'number' : 'text', env)
  const local = withKey(row, tables.get(table)!.keyPath, fresh)
  const id = state?.parked ?? env.uuid()
  const known = await tx.get<Conflict>('_sync_conflicts', id)
  const made: Conflict = {
    id,
    table,
    key: fresh,
    code: known?.code ?? 'existing-row',
    state: 'parked',
    fields: known?.fields ?? [],
    local,
    remote: null,
    entries: [],
    at: env.now(),
  }
  const parked: RecordState = { table, key: fresh, parked: id }
  batch.put(table, fresh, local)
  batch.put('_sync_conflicts', id, made)
  batch.put('_sync_records', [table, fresh], parked)
  batch.remove('_sync_records', [table, key])
  // The row shows what they did; nobody but this device knows of it.
  const finished = await outbox.finish(tx, outbox.of(table, key)?.entries.map(({ ref }) => ref) ?? [])
  const confirmed = await existing.confirm(tx, table, [key])
  return () => {
    finished()
    confirmed()
    outbox.forgetState(table, key)
    outbox.noteState(parked)
    emit('conflict', { id, table, key: fresh, fields: made.fields, decision: 'parked' })
  }
}
