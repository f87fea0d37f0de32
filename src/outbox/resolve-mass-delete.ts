import { changeBetween } from '../merge/change-between'
import type { Change, Key } from '../model/change'
import type { EntryRef } from '../model/entry'
import type { Conflict } from '../model/held'
import type { RecordState } from '../model/record-state'
import type { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { applyChanges } from './coalesce'
import { type FoundEntry, type Ledger, openOutbox, readEntries } from './ledger'
import { startAnew } from './start-anew'
import { compareRefs, recordId } from './waiting'

/** A record of which a deletion is held: its key now, and all its changes that are not settled. */
interface Affected {
  readonly key: Key
  readonly entries: readonly FoundEntry[]
  readonly state: RecordState | undefined
}

/** What takes the place of some entries. */
interface Replacement {
  readonly changes: readonly Change[]
  readonly replaces: readonly EntryRef[]
}

/** Sends the deletions of a parked mass deletion under a word of its own, or takes them back. */
export async function resolveMassDelete(
  tx: Tx,
  batch: Batch,
  ledger: Ledger,
  { table, entries: refs }: Conflict,
  sends: boolean,
): Promise<void> {
  const outbox = openOutbox(ledger)
  const held = new Set(refs.map(String))
  const made = (await affected(tx, ledger, table, held)).map((record) =>
    sends ? again(record, held) : takenBack(batch, ledger, table, record, held),
  )
  const changes = made.flatMap((one) => one.changes)
  const replaces = made.flatMap((one) => one.replaces)
  await outbox.append(tx, { table, changes, replaces, confirmed: true })
  await outbox.finish(tx, replaces)
}

async function affected(
  tx: Tx,
  { aliases }: Ledger,
  table: string,
  held: ReadonlySet<string>,
): Promise<Affected[]> {
  const records = new Map<string, { readonly key: Key; readonly entries: FoundEntry[] }>()
  for (const entry of await readEntries(tx)) {
    if (entry.table !== table) continue
    const key = aliases.resolve(table, entry.change.key)
    const id = recordId(table, key)
    const record = records.get(id) ?? { key, entries: [] }
    record.entries.push(entry)
    records.set(id, record)
  }
  const own = [...records.values()].filter(({ entries }) => entries.some(({ ref }) => held.has(String(ref))))
  const states = await tx.getMany<RecordState>(
    '_sync_records',
    own.map(({ key }) => [table, key]),
  )
  return own.map((record, i) => ({ ...record, state: states[i] }))
}

/** The deletion, and whatever was made in its place since: behind it, as it happened. */
function again({ entries }: Affected, held: ReadonlySet<string>): Replacement {
  const first = entries.find(({ ref }) => held.has(String(ref)))!
  const rest = entries.filter(({ ref }) => compareRefs(ref, first.ref) >= 0)
  return { changes: rest.map(({ change }) => change), replaces: rest.map(({ ref }) => ref) }
}

/** The row as it would be had it never been deleted; what was made in its place since becomes an edit of it. */
function takenBack(
  batch: Batch,
  { env, tables }: Ledger,
  table: string,
  { key, entries, state }: Affected,
  held: ReadonlySet<string>,
): Replacement {
  const known = state?.base !== undefined ? state.base : (entries[0]?.change.before ?? null)
  const left = entries.filter(({ ref }) => !held.has(String(ref)))
  const changes = left.map(({ change }) => change)
  const base = changes.length === 0 && state?.incoming ? state.incoming.row : known
  const row = applyChanges(base, changes)
  const isUnderway = left.some(({ fenced }) => fenced)
  const change = isUnderway ? null : changeBetween(key, base, row)
  // What the server has deleted meanwhile does not return under the key it had there.
  const made =
    change?.kind === 'create' && !state?.incoming
      ? startAnew(batch, env, tables.get(table)!, key, row!)
      : change
  const stays = made === null || made.key === key
  if (stays && row) batch.put(table, key, row)
  else batch.remove(table, key)
  const refs = (some: readonly FoundEntry[]) => some.map(({ ref }) => ref)
  if (isUnderway) return { changes: [], replaces: refs(entries.filter((entry) => !left.includes(entry))) }
  if (made && stays) batch.put('_sync_records', [table, key], { ...state, table, key, base })
  else if (state) batch.remove('_sync_records', [table, key])
  return { changes: made ? [made] : [], replaces: refs(entries) }
}
