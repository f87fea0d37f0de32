import type { Dexie, Table, TableSchema } from 'dexie'
import { SyncError } from '../model/error'
import { isSyncTable, syncTables } from './tables'

/** What Dexie keeps to itself, as far as its schema must grow without the app's tables being made anew. */
interface DexieInside {
  _versions: DexieVersion[]
  _storeNames: string[]
  _allTables: Record<string, Table>
  _dbSchema: Record<string, TableSchema>
  _state: { autoSchema: boolean; isBeingOpened: boolean }
  Version: new (version: number) => DexieVersion
  Transaction: { prototype: object }
  verno: number
}

interface DexieVersion {
  _cfg: {
    version: number
    storesSource: Record<string, string | null> | null
    dbschema: Record<string, TableSchema>
  }
  _parseStoresSpec(stores: Readonly<Record<string, string>>, schema: Record<string, TableSchema>): void
}

/**
 * Adds the sync tables to the schema of a closed database, hidden from `db.tables`, without a version of their own and
 * without touching the app's tables, hooks or classes (decision 4): Dexie's `version().stores()` would make them anew.
 * Calling it again changes nothing. Throws `bad-config` for a database without declared versions that was never open.
 */
export function extendSchema(db: Dexie): void {
  const inside = db as unknown as DexieInside
  if (inside._versions.length === 0) declareWhatIsThere(inside)
  // Every version: an upgrade goes through the older ones too, and Dexie deletes what one of them does not name.
  for (const version of inside._versions) {
    version._cfg.storesSource = { ...version._cfg.storesSource, ...syncTables }
    version._parseStoresSpec(syncTables, version._cfg.dbschema)
  }
  inside._dbSchema = inside._versions.at(-1)?._cfg.dbschema ?? inside._dbSchema
  for (const name of Object.keys(syncTables))
    if (!inside._storeNames.includes(name)) inside._storeNames.push(name)
  hideSyncTables(db)
}

/** A later `db.version()` of the app, or a schema read from the disk, brings the sync tables to light: hides them again. */
export function hideSyncTables(db: Dexie): void {
  const inside = db as unknown as DexieInside
  for (const home of [inside._allTables, inside, inside.Transaction.prototype] as Record<string, unknown>[])
    for (const name of Object.keys(syncTables)) if (Object.hasOwn(home, name)) delete home[name]
}

/**
 * Calls `extend` while the database is closed. An open one is closed and opened again in one synchronous step, so that
 * no query gets in between: what runs finishes, what comes waits. One that is just opening is treated so once it is open.
 */
export function installOnDatabase(db: Dexie, extend: () => void, warn: (message: string) => void): void {
  const { _state: state, _versions: versions } = db as unknown as DexieInside
  const fractional = versions.find(({ _cfg }) => !Number.isInteger(_cfg.version))
  if (fractional)
    warn(
      `db.version(${fractional._cfg.version}): the sync tables take the next native version, so a later fractional version may be taken for one that has run; use whole numbers`,
    )
  const reopen = () => {
    db.close({ disableAutoOpen: false })
    extend()
    return db.open()
  }
  // Whoever waits for the database is told by Dexie; nobody waits for us.
  const failed = () => warn('the database could not be opened again')
  if (!db.isOpen()) extend()
  else if (state.isBeingOpened) db.open().then(reopen).catch(failed)
  else reopen().catch(failed)
}

/** Declares the schema Dexie read from the disk as it stands, so that it adds to it instead of reading it again. */
function declareWhatIsThere(inside: DexieInside): void {
  const stores = Object.entries(inside._dbSchema ?? {}).filter(([name]) => !isSyncTable(name))
  if (stores.length === 0)
    throw new SyncError('bad-config', {
      what: 'the database declares no version: open it before startSync(), or declare its tables',
    })
  const version = new inside.Version(inside.verno)
  version._cfg.storesSource = Object.fromEntries(stores.map(([name, schema]) => [name, specOf(schema)]))
  version._cfg.dbschema = inside._dbSchema
  inside._versions.push(version)
  inside._state.autoSchema = false
}

/** The line of `stores()` a table's schema was made of. */
function specOf({ primKey, indexes }: TableSchema): string {
  return [primKey.src, ...indexes.map(({ src }) => src)].join(',')
}
