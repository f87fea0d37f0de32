import { hasArrived } from '../merge/arrived'
import { conflictingFields } from '../merge/conflicting-fields'
import { isOlder } from '../merge/order'
import { parked } from '../merge/parked'
import type { MergeRules } from '../merge/versions'
import type { Change, Row } from '../model/change'
import type { FenceItem } from '../model/entry'
import type { Outcome } from '../model/outcome'
import type { RecordState } from '../model/record-state'
import { baseOf } from '../outbox/base-of'
import { bringTogether } from '../outbox/bring-together'
import { applyChanges } from '../outbox/coalesce'
import type { Term } from '../outbox/term'
import { writeResolution } from '../outbox/write-resolution'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { accept } from './accept'
import { dropDiscarded } from './drop-discarded'
import type { Effect, Job } from './job'
import { refused } from './refused'

/** How often a server may say "conflict" to one record before a person is asked (FAULTS H6). */
const maxRounds = 5

/**
 * Settles a conflict the server answered with its own row: the policy decides, and what is left of the local changes
 * goes again as a new request, or is parked when that has gone on for too long. Where the server did not tell its row,
 * the change becomes a dead letter.
 */
export async function settleConflict(
  tx: Tx,
  batch: Batch,
  term: Term,
  job: Job,
  { remote: answered, reason }: Extract<Outcome, { kind: 'conflict' }>,
): Promise<Effect> {
  const { outbox, tables } = term
  const { table, key } = job.item
  const record = outbox.of(table, key)
  const [state] = await outbox.readStates(tx, [job.item])
  const remote = newest(answered, state?.incoming, tables.get(table)!.orderField)
  if (state?.discard)
    return { count: null, keeps: false, committed: await dropDiscarded(tx, batch, term, state, remote) }
  const rules = tables.get(table)!
  // An earlier try has arrived: the server has what was sent, as its answer or else a page has shown, and refuses to take
  // it again (FAULTS A1, A7).
  const shown = answered === undefined ? remote : answered
  if (
    shown !== undefined &&
    !isDisputed(job.item, shown, rules) &&
    hasArrived(job.item.row, shown, rules.serverFields)
  )
    return accept(tx, batch, term, job.item, { kind: 'accepted', ...(shown && { row: shown }) })
  const rounds = (state?.rounds ?? 0) + 1
  if (remote === undefined || !record) return refused(tx, batch, term, job, reason)
  const refs = record.entries.map(({ ref }) => ref)
  const changes = await outbox.changes(refs, tx)
  const base = isDeletedUnheard(job.item, changes) ? job.item.row : baseOf(state, changes)
  const local = applyChanges(base, changes)
  const versions = { base, local, remote }
  const decided = bringTogether(versions, changes, rules)
  const resolution = rounds > maxRounds && decided.waiting !== 'drop' ? parked(versions, rules) : decided
  // Folded into one with the others, a deletion that a person is asked about would leave unasked (decision 12).
  if (resolution.asks || record.entries.some(({ ref, held }) => held || outbox.massDeletes.has(ref)))
    return leaveToApp(batch, term, { ...state, table, key, base, incoming: { row: remote }, rounds })
  // The server remembers its refusal under the old key: what stays waiting needs a new one.
  const renewed = resolution.waiting === 'keep' ? { ...resolution, waiting: 'replace' as const } : resolution
  const committed = await writeResolution(
    tx,
    batch,
    term,
    { table, key, refs, base, remote, local, rounds },
    renewed,
  )
  return { count: 'conflicts', keeps: false, committed }
}

/**
 * Who counted to the same number as somebody else is told the number that was to be sent, and has not arrived: had an
 * earlier try, its answer would have come again under the same key (decision 037).
 */
function isDisputed({ base, row }: FenceItem, remote: Row | null, rules: MergeRules): boolean {
  return base !== null && conflictingFields({ base, local: row, remote }, rules).length > 0
}

/**
 * The server has a row under the key of one that was made here and then deleted: an earlier try may have arrived, and
 * that is the row. Made and deleted it would come to nothing, and the deletion be forgotten.
 */
function isDeletedUnheard({ kind }: FenceItem, changes: readonly Change[]): boolean {
  return kind === 'create' && changes.at(-1)?.kind === 'delete'
}

/** Functions of the app, or a person, must decide: the server's row is kept, and the changes wait until they have (I13). */
function leaveToApp(batch: Batch, { outbox }: Term, state: RecordState): Effect {
  batch.put('_sync_records', [state.table, state.key], state)
  return { count: null, keeps: false, committed: () => outbox.noteState(state) }
}

/**
 * The server's row as it is known now: a page may have brought a later one while the answer was on its way, and no
 * other will bring it again. What was deleted after an answer that still had the row is gone; what a page still had
 * and the answer has not may have been made again, and else the next page tells of its deletion.
 */
function newest(
  answered: Row | null | undefined,
  incoming: RecordState['incoming'],
  orderField: string | undefined,
): Row | null | undefined {
  if (!answered || !incoming) return incoming ? incoming.row : answered
  if (incoming.row === null) return null
  return orderField && isOlder(answered[orderField], incoming.row[orderField]) ? incoming.row : answered
}
