import { differingFields } from '../merge/difference'
import type { Conflict } from '../model/held'
import type { RecordState } from '../model/record-state'
import type { Term } from '../outbox/term'
import { writeResolution } from '../outbox/write-resolution'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import type { ItemArrival } from './arrivals'
import type { Verdict } from './decide'

/** What became of one row, to be carried into memory once the transaction has committed. */
export interface Applied {
  readonly applied: boolean
  readonly conflict: boolean
  readonly committed: () => void
}

const nothing: Applied = { applied: false, conflict: false, committed: () => {} }

/** Carries out what was decided about a pulled row. */
export async function carryOut(
  tx: Tx,
  batch: Batch,
  term: Term,
  arrival: ItemArrival,
  verdict: Verdict,
): Promise<Applied> {
  const { item, local, state, remote } = arrival
  const { table, key } = item
  const refs = (term.outbox.of(table, key)?.entries ?? []).map(({ ref }) => ref)
  switch (verdict.kind) {
    case 'superseded':
      return local ? nothing : keepTombstone(batch, term, arrival)
    case 'write':
      if (verdict.row) batch.put(table, key, verdict.row)
      else batch.remove(table, key)
      return { ...keepTombstone(batch, term, arrival), applied: true }
    case 'incoming': {
      const wasThere = remote === null && state?.incoming?.row ? { wasThere: true as const } : {}
      const { deletedAt } = arrival
      const incoming = { row: remote, ...wasThere, ...(deletedAt !== undefined && { deletedAt }) }
      return remember(batch, term, { ...state, table, key, incoming })
    }
    case 'base':
      if (verdict.row) batch.put(table, key, verdict.row)
      return remember(batch, term, { ...state, table, key, base: remote })
    case 'resolve': {
      const contested = { table, key, refs, base: verdict.base, remote, local, rounds: state?.rounds }
      const committed = await writeResolution(tx, batch, term, contested, verdict.resolution)
      return { applied: true, conflict: verdict.resolution.conflict !== undefined, committed }
    }
    case 'differs':
      return park(tx, batch, term, arrival)
  }
}

/** What is deleted may be what this device has made, under a key it has not been told: the answer comes too late (I8). */
function keepTombstone(batch: Batch, { outbox, tables, env }: Term, arrival: ItemArrival): Applied {
  const { item, state: known, remote, waiting } = arrival
  const { table, key } = item
  if (remote !== null || waiting.length > 0 || tables.get(table)?.keys !== 'server') return nothing
  if (!outbox.waiting.mayHaveMade(table)) return nothing
  const state: RecordState = { ...known, table, key, tombstone: true, settledAt: env.now() }
  batch.put('_sync_records', [table, key], state)
  return { ...nothing, committed: () => outbox.noteState(state) }
}

function remember(batch: Batch, { outbox }: Term, state: RecordState): Applied {
  batch.put('_sync_records', [state.table, state.key], state)
  return { applied: true, conflict: false, committed: () => outbox.noteState(state) }
}

/** A row that was here before sync and differs from the server's: both are kept for a person (decision 5). */
async function park(
  tx: Tx,
  batch: Batch,
  term: Term,
  { item, local, remote }: ItemArrival,
): Promise<Applied> {
  const { outbox, env, tables, emit } = term
  const { table, key } = item
  const entries = (outbox.of(table, key)?.entries ?? []).map(({ ref }) => ref)
  const fields = differingFields(local, remote, tables.get(table)!.serverFields)
  const id = env.uuid()
  const conflict: Conflict = {
    id,
    table,
    key,
    code: 'existing-row',
    state: 'parked',
    fields,
    local,
    remote,
    entries,
    at: env.now(),
  }
  const state: RecordState = { table, key, parked: id, incoming: { row: remote } }
  batch.put('_sync_conflicts', id, conflict)
  batch.put('_sync_records', [table, key], state)
  const held = await outbox.hold(tx, entries, 'parked', id)
  return {
    applied: false,
    conflict: true,
    committed: () => {
      held()
      outbox.noteState(state)
      emit('conflict', { id, table, key, fields, decision: 'parked' })
    },
  }
}
