import { changeBetween } from '../merge/change-between'
import type { Resolution } from '../merge/resolve'
import type { Change, Key, Row } from '../model/change'
import type { EntryRef } from '../model/entry'
import { sameValue } from '../model/equal'
import type { SyncErrorCode } from '../model/error'
import type { Conflict } from '../model/held'
import type { RecordState } from '../model/record-state'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { startAnew } from './start-anew'
import type { Term } from './term'

/** What writing a resolution needs: a leader's term has it, and so has a call on data in any tab. */
type Desk = Pick<Term, 'outbox' | 'tables' | 'env' | 'emit'>

/** The record a resolution is about. */
export interface Contested {
  readonly table: string
  readonly key: Key
  /** Its waiting changes. */
  readonly refs: readonly EntryRef[]
  readonly base: Row | null | undefined
  readonly remote: Row | null
  readonly local?: Row | null
  /** How often the server has answered "conflict" in a row, this time included. */
  readonly rounds?: number | undefined
  readonly code?: SyncErrorCode
}

/**
 * Writes what came of bringing local changes and the server's row together: the row, the new base, the changes that
 * stay, go or are replaced, and the conflict where there was one (I9). Call the answer once `tx` has committed.
 */
export async function writeResolution(
  tx: Tx,
  batch: Batch,
  term: Desk,
  contested: Contested,
  resolution: Resolution,
): Promise<() => void> {
  const { outbox, tables, env } = term
  const { table, key, refs, base, remote, rounds } = contested
  const parked = resolution.conflict?.decision === 'parked'
  if (!parked) {
    if (resolution.row) batch.put(table, key, resolution.row)
    else batch.remove(table, key)
  }
  const orderField = tables.get(table)?.orderField
  // Of a row that is gone: what it was last, or a replica that lags brings that back.
  const seen = remote ?? base
  const floor = orderField && seen ? seen[orderField] : undefined
  const known = { table, key, ...(floor !== undefined && { floor }) }
  const change = resolution.waiting === 'drop' ? null : changeBetween(key, remote, resolution.row)
  const left =
    change?.kind === 'create' && !parked
      ? startAnew(batch, env, tables.get(table)!, key, resolution.row!)
      : change
  const conflict = resolution.conflict && conflictRow(term, contested, resolution, left?.key ?? key)
  if (conflict) batch.put('_sync_conflicts', conflict.id, conflict)
  const stays = parked || (left !== null && sameValue(left.key, key))
  const state: RecordState = stays
    ? { ...known, base: remote, ...(rounds !== undefined && { rounds }) }
    : {
        ...known,
        ...(remote === null && { tombstone: true as const }),
        ...(resolution.waiting === 'drop' && { ended: endedBy(resolution, env.now()) }),
        settledAt: env.now(),
      }
  batch.put('_sync_records', [table, key], state)
  const moved = parked
    ? await outbox.hold(tx, refs, 'parked', conflict!.id)
    : await moveEntries(tx, term, contested, resolution, left)
  return () => {
    moved()
    outbox.noteState(state)
    if (conflict) tell(term, conflict)
  }
}

/** What is dropped was overruled, or had become the same as the server's. */
function endedBy({ conflict }: Resolution, at: number): NonNullable<RecordState['ended']> {
  return { outcome: conflict ? 'overruled' : 'coalesced', at }
}

async function moveEntries(
  tx: Tx,
  { outbox }: Pick<Desk, 'outbox'>,
  { table, refs }: Contested,
  { waiting, times }: Resolution,
  left: Change | null,
): Promise<() => void> {
  if (waiting === 'keep') return () => {}
  if (waiting === 'replace' && left)
    await outbox.append(tx, { table, changes: [left], replaces: refs, times })
  return outbox.finish(tx, refs)
}

/** `key`: the one the row has from now on, under which it is found again. */
function conflictRow(
  { env }: Pick<Desk, 'env'>,
  contested: Contested,
  { conflict }: Resolution,
  key: Key,
): Conflict {
  const { table, refs, base, remote, local, code = 'conflict' } = contested
  const { fields, decision } = conflict!
  return {
    id: env.uuid(),
    table,
    key,
    code,
    fields,
    remote,
    entries: decision === 'parked' ? refs : [],
    at: env.now(),
    ...(decision === 'parked' ? { state: 'parked' as const } : { state: 'decided' as const, decision }),
    ...(base !== undefined && { base }),
    ...(local !== undefined && { local }),
  }
}

/** Tells of a conflict: whose word counted, never what it says. */
function tell({ emit }: Pick<Desk, 'emit'>, { id, table, key, fields, decision }: Conflict): void {
  emit('conflict', { id, table, ...(key !== undefined && { key }), fields, decision: decision ?? 'parked' })
}
