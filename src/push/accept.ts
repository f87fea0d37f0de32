import { withKey } from '../keys/key-in-row'
import { renameRow } from '../keys/rename'
import type { Change, Key, Row } from '../model/change'
import type { EntryRef, FenceItem } from '../model/entry'
import { sameValue } from '../model/equal'
import type { Outcome } from '../model/outcome'
import type { RecordState } from '../model/record-state'
import type { KeyPath } from '../model/table'
import type { Term } from '../outbox/term'
import { compareRefs } from '../outbox/waiting'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import type { Effect } from './job'
import { setAside } from './set-aside'
import { settleAccepted } from './settlement'

type Acceptance = Extract<Outcome, { kind: 'accepted' }>

/** Applies an accepted change to its row and record, and renames the row where the server made its key (I4). */
export async function accept(
  tx: Tx,
  batch: Batch,
  term: Term,
  item: FenceItem,
  { row: answer, key: made, etag, repeated }: Acceptance,
): Promise<Effect> {
  const { outbox, tables, env, emit } = term
  const table = tables.get(item.table)!
  const key = made ?? item.key
  const renamed = !sameValue(key, item.key)
  const [state] = await outbox.readStates(tx, [item])
  const movedAway = renamed ? await setAside(tx, batch, term, item.table, key) : undefined
  const later = laterEntries(term, item, movedAway ? item.key : key)
  const remaining = await outbox.changes(later, tx)
  const { row, state: next } = settleAccepted({
    item,
    key,
    answer,
    etag,
    incoming: movedAway
      ? undefined
      : renamed
        ? await alreadyThere(tx, term, item.table, key)
        : state?.incoming?.row,
    state,
    remaining,
    orderField: table.orderField,
    serverFields: table.serverFields,
    pulled: table.pull !== undefined,
    now: env.now(),
  })
  const named = row && renamed ? withKey(row, table.keyPath, key) : row
  if (renamed) renameRow(batch, { table: item.table, temporary: item.key, key, at: env.now() }, named)
  else writeRow(batch, item, named, remaining)
  if (next) batch.put('_sync_records', [next.table, next.key], keyed(next, table.keyPath, key, renamed))
  else if (state) batch.remove('_sync_records', [item.table, item.key])
  return {
    count: 'accepted',
    keeps: false,
    done: item.entries,
    committed: () => {
      movedAway?.()
      if (repeated) emit('unconfirmed-create', { table: item.table, key: item.key })
      if (renamed) tellRenamed(term, item, key)
      if (next) outbox.noteState(next)
      else outbox.forgetState(item.table, item.key)
    },
  }
}

/** Changes of the record made after the sent ones, under its old and its new key, in log order. */
function laterEntries({ outbox }: Term, item: FenceItem, key: Key): EntryRef[] {
  const sent = new Set(item.entries.map(String))
  const records = [outbox.of(item.table, item.key), outbox.of(item.table, key)]
  const entries = new Map(
    records.flatMap((record) => record?.entries ?? []).map(({ ref }) => [String(ref), ref] as const),
  )
  return [...entries]
    .filter(([name]) => !sent.has(name))
    .map(([, ref]) => ref)
    .sort(compareRefs)
}

/** The row a page has brought under the server's key before the answer to our create came (decision 5). */
async function alreadyThere(
  tx: Tx,
  { outbox }: Term,
  table: string,
  key: Key,
): Promise<Row | null | undefined> {
  const [state] = await outbox.readStates(tx, [{ table, key }])
  if (state?.incoming) return state.incoming.row // the app is being asked about it
  if (state?.base) return state.base
  const changes = outbox.of(table, key)
  if (changes) {
    const [first] = await outbox.changes([changes.entries[0]!.ref], tx)
    return first?.before
  }
  return (await tx.get<Row>(table, key)) ?? (state?.tombstone ? null : undefined)
}

/** Nothing is written where the row already is what it should be: no liveQuery wakes for it. */
function writeRow(batch: Batch, item: FenceItem, row: Row | null, remaining: readonly Change[]): void {
  const unchanged = remaining.length === 0 && sameValue(row, item.row)
  if (unchanged) return
  if (row) batch.put(item.table, item.key, row)
  else batch.remove(item.table, item.key)
}

function keyed(state: RecordState, keyPath: KeyPath, key: Key, renamed: boolean): RecordState {
  return renamed && state.base ? { ...state, base: withKey(state.base, keyPath, key) } : state
}

function tellRenamed({ outbox, aliases, emit }: Term, { table, key: temporary }: FenceItem, key: Key): void {
  aliases.set(table, temporary, key)
  outbox.waiting.rename(table, temporary, key)
  outbox.forgetState(table, temporary)
  emit('key-assigned', { table, temporary, key })
}
