import { hasArrived } from '../merge/arrived'
import type { FenceItem } from '../model/entry'
import type { Conflict } from '../model/held'
import type { Outcome } from '../model/outcome'
import type { RecordState } from '../model/record-state'
import type { Term } from '../outbox/term'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { accept } from './accept'
import type { Effect, Job } from './job'
import { isExpired } from './key-age'
import { takeIncoming } from './take-incoming'

type Unknown = Extract<Outcome, { kind: 'unknown' }>

/**
 * What becomes of a request of which it is not known whether it was applied, once the same bytes may not be sent again:
 * a create is for a person (it might be made twice), anything else goes back to waiting, and is looked at first where its
 * table has looks. A create
 * under a key of the app's own goes again at once: the server that has it says so, and then it is looked at. Null = it may
 * still be sent again.
 */
export async function giveUpWaiting(
  tx: Tx,
  batch: Batch,
  term: Term,
  { fence, item }: Job,
  { reason, awaitsPull }: Unknown,
): Promise<Effect | null> {
  const { tables, outbox, env, emit } = term
  const { keys, onUnknown, serverFields } = tables.get(item.table)!
  const unsafe = item.kind === 'create' && keys === 'server'
  const parks = unsafe && onUnknown === 'park' && !awaitsPull
  if (!parks && !isExpired(term, fence)) return null
  if (!unsafe) {
    const [state] = await outbox.readStates(tx, [item])
    const row = state?.incoming?.row
    // A page has shown that it has arrived. Without that for a base, what the server has added would seem removed here.
    if (item.kind === 'create' && row && hasArrived(item.row, row, serverFields))
      return accept(tx, batch, term, item, { kind: 'accepted', row })
    return { count: null, keeps: false, committed: await backToWaiting(tx, batch, term, item) }
  }
  const id = env.uuid()
  const { table, key, entries } = item
  const conflict: Conflict = {
    id,
    table,
    key,
    code: 'unknown-outcome',
    state: 'parked',
    fields: [],
    local: item.row,
    entries,
    at: env.now(),
  }
  batch.put('_sync_conflicts', id, conflict)
  const held = await outbox.hold(tx, entries, 'parked', id)
  return {
    count: 'conflicts',
    keeps: false,
    committed: () => {
      held()
      emit('push-error', { reason, table, key })
      emit('conflict', { id, table, key, fields: [], decision: 'parked' })
    },
  }
}

/** Made here and deleted since it would come to nothing, and the deletion be forgotten: that it was sent stays known. */
async function backToWaiting(tx: Tx, batch: Batch, term: Term, item: FenceItem): Promise<() => void> {
  const { outbox } = term
  const { table, key, row } = item
  if (item.kind !== 'create' || row === null) return takeIncoming(tx, batch, term, item)
  const [state] = await outbox.readStates(tx, [item])
  const sent: RecordState = { ...state, table, key, sent: row }
  await tx.put('_sync_records', [sent])
  const taken = await takeIncoming(tx, batch, term, item)
  return () => {
    outbox.noteState(sent)
    taken()
  }
}
