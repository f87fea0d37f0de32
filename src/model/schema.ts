import { type Change, type LogRecord, logFormat, type Row } from './change'

/**
 * Brings a row to the shape of the running code: changes the row it is given, which is a copy, or answers another. Not
 * async, and the primary key stays. It may meet a row that has the new shape already (a tab on old code edited it after
 * the upgrade), and should leave that alone.
 */
export type MigrateOutbox = (row: Row, about: Migration) => unknown

/** What {@link MigrateOutbox} is told. */
export interface Migration {
  readonly table: string
  /** The schema version the row was written under. */
  readonly from: number
  /** That of the running code. */
  readonly to: number
}

/** What the running code knows of the shape of rows. */
export interface Schema {
  readonly version: () => number
  readonly migrate?: MigrateOutbox
}

/** The shape of what the database keeps, one row of `_sync_meta`. */
export interface StoredSchema {
  readonly name: 'schema'
  /** The schema version of all rows that are kept beside the log. */
  readonly version: number
  /** Code of a version below this neither sends nor pulls: newer code has given rows a shape it does not know. */
  readonly least?: number
}

/**
 * How a waiting change stands to the running code: `older`, it is migrated before anything else is done with it;
 * `newer`, it is left for newer code, which wrote it; undefined, it is of this code or needs no migration.
 */
export type Shape = 'older' | 'newer'

/** The schema version of the rows in a change. */
export function versionOf(record: Pick<LogRecord, 'schemaVersion'>, change: Change): number {
  return change.schemaVersion ?? record.schemaVersion
}

/** By the format of its record and the schema version of its rows. */
export function shapeOf(
  change: { readonly format: number; readonly version: number },
  { version, migrate }: Schema,
): Shape | undefined {
  if (change.format > logFormat || change.version > version()) return 'newer'
  return migrate && change.version < version() ? 'older' : undefined
}

/** True for code that newer code has locked out. */
export function isOutdated({ version }: Schema, { least = 0 }: Pick<StoredSchema, 'least'>): boolean {
  return version() < least
}
