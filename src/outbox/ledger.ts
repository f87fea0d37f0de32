import type { Environment } from '../environment'
import type { AliasMap } from '../keys/alias-map'
import { keyText } from '../keys/key-text'
import type { Alias } from '../model/alias'
import { type Change, type Key, opId, type StampedChange, type StoredLogRecord } from '../model/change'
import type { EntryRef, Fence, Mark, Progress } from '../model/entry'
import { SyncError } from '../model/error'
import type { SyncEventName, SyncEvents } from '../model/event'
import { isOf } from '../model/identity'
import { type Schema, versionOf } from '../model/schema'
import type { SyncedTable } from '../model/table'
import type { Storage, Tx } from '../storage/transaction'
import type { Clock } from './clock'
import { stamped } from './local-times'
import { Outbox } from './outbox'
import { readIdentity } from './stored-identity'
import { underItsKey } from './under-its-key'

/** What calls on data (dead letters, conflicts, discard) work with, in whichever tab they are made. */
export interface Ledger {
  readonly storage: Storage
  readonly env: Environment
  readonly clock: Clock
  readonly tables: ReadonlyMap<string, SyncedTable>
  readonly aliases: AliasMap
  emit<N extends SyncEventName>(name: N, data: SyncEvents[N]): void
  /** Tells the leader that the log has grown. */
  wake(tables: readonly string[]): void
  readonly schema: Schema
  /** Rows from before sync are created at the server (`initialUpload`). */
  readonly uploads: boolean
}

/** The tables a call on data may write, beside the app's own. */
export const ledgerTables = [
  '_sync_log',
  '_sync_progress',
  '_sync_fences',
  '_sync_records',
  '_sync_letters',
  '_sync_conflicts',
  '_sync_aliases',
  '_sync_meta',
]

/** An outbox without memory, for one transaction of a call on data: everything is read from disk. */
export function openOutbox({ storage, aliases, env, clock, schema }: Ledger): Outbox {
  return new Outbox(storage, aliases, env, clock, schema)
}

/** Renews this tab's aliases from disk: a message of the leader may have been lost. */
export async function renewAliases({ storage, aliases }: Pick<Ledger, 'storage' | 'aliases'>): Promise<void> {
  await storage.read(['_sync_aliases'], (tx) => readAliases(tx, aliases))
}

/** As {@link renewAliases}, within a transaction. */
export async function readAliases(tx: Tx, aliases: AliasMap): Promise<void> {
  aliases.renew(await tx.scan<Alias>('_sync_aliases'))
}

/** One change that waits, is sent or is held, as read from disk. */
export interface FoundEntry {
  readonly ref: EntryRef
  readonly op: string
  readonly change: Change
  /** The same, with the times its record tells. */
  readonly stamped: StampedChange
  readonly table: string
  readonly at: number
  /** Schema version of its rows. */
  readonly version: number
  /** Of newer code than the running one may know, see `shapeOf`. */
  readonly format: number
  /** Whose it is; '' = the database's. */
  readonly identity: string
  readonly mark: Exclude<Mark, 'done'> | undefined
  readonly fenced: boolean
}

/**
 * Reads every change that is not done, oldest first, of whose data the database holds (I11). Reads the whole log: for
 * calls a person makes. `_sync_meta` must be in the scope of `tx`.
 */
export async function readEntries(tx: Tx): Promise<FoundEntry[]> {
  const { identity } = await readIdentity(tx)
  return (await readAllEntries(tx)).filter((entry) => isOf(entry, identity))
}

/** As {@link readEntries}, of whomever. */
export async function readAllEntries(tx: Tx): Promise<FoundEntry[]> {
  const progress = new Map((await tx.scan<Progress>('_sync_progress')).map((row) => [row.seq, row.marks]))
  const fenced = new Set(
    (await tx.scan<Fence>('_sync_fences')).flatMap(({ items }) =>
      items.flatMap(({ entries }) => entries.map(String)),
    ),
  )
  const records = await tx.scan<StoredLogRecord>('_sync_log')
  const replaced = new Set(records.flatMap(({ replaces = [] }) => replaces.map(String)))
  return records.flatMap((record) =>
    record.changes.flatMap((change, index): FoundEntry[] => {
      const { seq, id, table, at, identity, format } = record
      const ref: EntryRef = [seq, index]
      const mark = progress.get(seq)?.[index]
      if (mark === 'done' || replaced.has(String(ref))) return []
      const found = { ref, op: opId(id, index), change, stamped: stamped(record, change), table, at }
      const version = versionOf(record, change)
      return [{ ...found, version, format, identity, mark, fenced: fenced.has(String(ref)) }]
    }),
  )
}

/** The entries of one record among {@link readEntries}, under its temporary and its real key. */
export function ofRecord(
  { storage, aliases }: Pick<Ledger, 'storage' | 'aliases'>,
  entries: readonly FoundEntry[],
  table: string,
  key: Key,
): FoundEntry[] {
  const current = aliases.resolve(table, key)
  const text = keyText(current)
  const own = entries.filter(
    (entry) => entry.table === table && keyText(aliases.resolve(table, entry.change.key)) === text,
  )
  const keyPath = storage.keyPath(table)
  return own.map((entry) => ({
    ...entry,
    change: underItsKey(entry.change, keyPath, current),
    stamped: underItsKey(entry.stamped, keyPath, current),
  }))
}

export function noSuchItem(id: string): SyncError {
  return new SyncError('no-such-item', { what: `id ${id}` })
}
