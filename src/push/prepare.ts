import { differingFields } from '../merge/difference'
import type { Change } from '../model/change'
import type { Fence, FenceItem, FrozenRequest } from '../model/entry'
import { isSyncError, SyncError } from '../model/error'
import type { RecordState } from '../model/record-state'
import { baseOf } from '../outbox/base-of'
import { applyChanges, coalesce } from '../outbox/coalesce'
import type { Term } from '../outbox/term'
import type { WaitingRecord } from '../outbox/waiting'
import { requestId } from './request-id'

/** What is to be done with the changes of some records: a request, or nothing, or no request could be made of them. */
export type Prepared =
  | {
      readonly kind: 'request'
      readonly items: readonly PreparedItem[]
      readonly id: string
      readonly request: FrozenRequest
    }
  | { readonly kind: 'nothing'; readonly item: PreparedItem }
  /** The record is parked: what was changed since waits for the same word. */
  | { readonly kind: 'parked'; readonly item: PreparedItem; readonly by: string }
  | { readonly kind: 'failed'; readonly item: PreparedItem; readonly error: SyncError }

export interface PreparedItem extends FenceItem {
  /** Version of the record's state the item was made from. */
  readonly stateVersion: number
  /** Leaves in a request of its own: a batch with it was refused, and nobody knows for whose sake. */
  readonly alone: boolean
}

/**
 * Folds the waiting changes of each record and lets the protocol freeze them into bytes. Runs user code, so it runs
 * outside transactions; the fence looks again at what it rests on (I13).
 */
export async function prepare(term: Term, records: readonly WaitingRecord[]): Promise<Prepared[]> {
  const states = await readStates(term, records)
  // One read for all of them, instead of one for each below.
  await term.outbox.operations(records.flatMap(({ entries }) => entries.map(({ ref }) => ref)))
  const made = await Promise.all(records.map((record, i) => makeItem(term, record, states[i])))
  const settled = made.flatMap(({ item, idle, parked }): Prepared[] => {
    if (parked !== undefined) return [{ kind: 'parked', item, by: parked }]
    return idle ? [{ kind: 'nothing', item }] : []
  })
  const items = made.filter(({ idle, parked }) => !idle && parked === undefined).map(({ item }) => item)
  const groups = groupsOf(items, term.protocol.batch)
  return [...settled, ...(await Promise.all(groups.map((group) => freeze(term, group)))).flat()]
}

async function readStates(
  term: Term,
  records: readonly WaitingRecord[],
): Promise<(RecordState | undefined)[]> {
  if (!records.some(({ table, key }) => term.outbox.hasState(table, key))) return []
  return term.storage.read(['_sync_records'], (tx) => term.outbox.readStates(tx, records))
}

async function makeItem(term: Term, record: WaitingRecord, state: RecordState | undefined) {
  const { outbox, tables } = term
  const waiting = record.entries.map(({ ref }) => ref)
  const all = await outbox.operations(waiting)
  // What was sent as it was may have arrived as it was: a server that remembers its key takes nothing else under it.
  const isResent = state?.sent && coalesce(all.map(({ change }) => change)) !== null
  const count = all[0]?.again || isResent ? 1 : all.length
  const entries = waiting.slice(0, count)
  const operations = all.slice(0, count)
  const changes = operations.map(({ change }) => change)
  const base = baseOf(state, changes)
  const folded = coalesce(changes)
  const row = applyChanges(base, changes)
  const item: PreparedItem = {
    table: record.table,
    key: record.key,
    // What was made here may have been made there as well: then it is an edit, and its end a deletion.
    kind: folded === null ? 'delete' : folded.kind === 'create' && base ? 'update' : folded.kind,
    entries,
    ops: operations.map(({ op }) => op),
    row,
    base,
    stateVersion: outbox.stateVersion(record.table, record.key),
    alone: record.entries.some(({ apart }) => apart),
  }
  const idle = isIdle(item, folded, tables.get(record.table)?.serverFields ?? [])
  return { item, idle, parked: state?.parked }
}

/** A row made and removed again, or an update of nothing but server fields, has nothing to tell (decision 8). */
function isIdle(item: FenceItem, folded: Change | null, serverFields: readonly string[]): boolean {
  if (folded === null) return item.base === null
  return (
    item.kind === 'update' &&
    item.base !== null &&
    item.row !== null &&
    differingFields(item.base, item.row, serverFields).length === 0
  )
}

function groupsOf(items: readonly PreparedItem[], batch: Term['protocol']['batch']): PreparedItem[][] {
  if (batch.mode === 'one') return items.map((item) => [item])
  const together = items.filter(({ alone }) => !alone)
  const groups = items.filter(({ alone }) => alone).map((item) => [item])
  for (let at = 0; at < together.length; at += batch.size) groups.push(together.slice(at, at + batch.size))
  return groups
}

async function freeze({ protocol, over }: Term, items: readonly PreparedItem[]): Promise<Prepared[]> {
  const id = requestId(items)
  try {
    return [{ kind: 'request', items, id, request: await protocol.freeze(items, id, over) }]
  } catch (error) {
    const known = isSyncError(error) ? error : new SyncError('user-code-failed', { cause: error })
    return items.map((item) => ({ kind: 'failed', item, error: known }))
  }
}

/** The request as it will be stored. */
export function toFence(prepared: Extract<Prepared, { kind: 'request' }>, epoch: number, now: number): Fence {
  const items = prepared.items.map(({ stateVersion: _, alone: __, ...item }): FenceItem => item)
  return {
    id: prepared.id,
    items,
    request: prepared.request,
    epoch,
    firstSentAt: now,
    sentAt: now,
    attempts: 0,
    dueAt: 0,
  }
}
