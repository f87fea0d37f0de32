import type { Stamp } from './stamp'

/** Any valid IndexedDB key. */
export type Key = number | string | Date | ArrayBuffer | ArrayBufferView | readonly Key[]

/** A row of a synced table, as the app stores it. */
export type Row = Record<string, unknown>

export type ChangeKind = 'create' | 'update' | 'delete'

/**
 * One change of one row, as the app made it. Immutable once written (decision 2).
 *
 * - `create`: `row` is the whole row.
 * - `update`: `set` holds the top-level fields that changed with their new values, `unset` those that were
 *   removed, `before` the whole row as it was.
 * - `delete`: `before` is the whole row as it was.
 */
export interface Change {
  readonly kind: ChangeKind
  readonly key: Key
  readonly row?: Row
  readonly set?: Row
  readonly unset?: readonly string[]
  readonly before?: Row
  /** Of rows that could not be brought to the schema version of their record: the one they still have. */
  readonly schemaVersion?: number
  /** It was done to a row of somebody else (I11), which is gone from here: held for a person, without `before`. */
  readonly foreign?: true
}

/**
 * The format of log records this release writes, and the newest it reads. What older code may rely on in any: `seq`,
 * `table`, `identity`, `replaces`, and what a change is in {@link Change}; it never sends or folds one of a newer format.
 */
export const logFormat = 1

/**
 * The record of one Dexie write call: at most 200 changes or about 256 kB, in the order they were made.
 * Append-only; goes when every change in it is done.
 */
export interface LogRecord {
  /** Place in the log: commit order, given by IndexedDB. Absent until stored. */
  readonly seq?: number
  /** {@link logFormat} of whoever wrote it; a reader leaves records of a newer one for newer code. */
  readonly format: number
  /** Random UUID; op ids are made from it, see {@link opId}. */
  readonly id: string
  /** Names the IndexedDB transaction the call ran in: records of one transaction carry the same. */
  readonly tx: string
  readonly table: string
  /** Wall clock of the device, ms. */
  readonly at: number
  /** When it was done, comparable with what others did. Absent in records of older releases. */
  readonly stamp?: Stamp
  /** Of fields that were changed earlier than that: the record takes the place of older ones. */
  readonly stamps?: Readonly<Record<string, Stamp>>
  /** Schema version of the code that made the change, see `SyncConfig.schemaVersion`. */
  readonly schemaVersion: number
  /** Whose it is (I11); '' = of whose data the database holds. */
  readonly identity: string
  /** True when the call was a whole-table `clear` (decision 12). */
  readonly clear?: true
  /** A person said so: never asked about as a mass deletion. */
  readonly confirmed?: true
  /** Entries this record takes the place of: they are done. How a tab tells the leader what it did (decision 2). */
  readonly replaces?: readonly (readonly [seq: number, index: number])[]
  /** The Idempotency-Key its first change was sent under before: it leaves under it again, and by itself. */
  readonly resends?: string
  /** Keys of records whose state was written with this one. */
  readonly states?: readonly Key[]
  readonly changes: readonly Change[]
}

/** A change with the times its record tells. */
export type StampedChange = Change & Pick<LogRecord, 'stamp' | 'stamps'>

/** A record as read back from the log. */
export type StoredLogRecord = LogRecord & { readonly seq: number }

/** The id of one change: random, constant, and the `Idempotency-Key` of what carries it (decision 11). */
export function opId(recordId: string, index: number): string {
  return `${recordId}.${index}`
}
