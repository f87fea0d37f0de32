import type { FenceItem } from '../model/entry'
import type { Reason } from '../model/outcome'
import type { RecordState } from '../model/record-state'
import type { Term } from '../outbox/term'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { dropDiscarded, stateIfDiscarded } from './drop-discarded'
import type { Effect, Job } from './job'
import { refuse } from './refuse'
import { baseOnIncoming } from './take-incoming'

/**
 * A refused change: held for a person, unless it made a row that was deleted here meanwhile (both then vanish).
 * `inDoubt`: nobody refused it, it was given up; it may have arrived.
 */
export async function refused(
  tx: Tx,
  batch: Batch,
  term: Term,
  { fence, item }: Pick<Job, 'fence' | 'item'>,
  reason: Reason,
  inDoubt = false,
): Promise<Effect> {
  const given = await stateIfDiscarded(tx, term, item)
  if (given) return { count: null, keeps: false, committed: await dropDiscarded(tx, batch, term, given) }
  const entries = term.outbox.of(item.table, item.key)?.entries ?? []
  if (!inDoubt && item.kind === 'create' && entries.at(-1)?.kind === 'delete')
    return vanish(tx, batch, term, item, reason)
  const { attempts, firstSentAt } = fence
  const alone = fence.items.length === 1
  const letter = {
    id: alone ? fence.id : item.ops.at(-1)!,
    attempts,
    firstSentAt,
    ...(inDoubt && alone && { inDoubt: true as const }),
  }
  const committed = await refuse(tx, batch, term, item, letter, reason)
  await baseOnIncoming(tx, batch, term, item)
  return { count: 'refused', keeps: false, committed }
}

async function vanish(
  tx: Tx,
  batch: Batch,
  { outbox, env, emit }: Term,
  { table, key }: FenceItem,
  reason: Reason,
): Promise<Effect> {
  const entries = outbox.of(table, key)?.entries.map(({ ref }) => ref) ?? []
  const finished = await outbox.finish(tx, entries)
  const at = env.now()
  const state: RecordState = { table, key, settledAt: at, ended: { outcome: 'coalesced', at } }
  batch.put('_sync_records', [table, key], state)
  return {
    count: null,
    keeps: false,
    committed: () => {
      finished()
      outbox.noteState(state)
      emit('push-error', { reason, table, key })
    },
  }
}
