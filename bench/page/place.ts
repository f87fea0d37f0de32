import Dexie, { type Table } from 'dexie'
import { defineRoutes, resource, type SyncConfig, type SyncEngine, startSync } from 'dexie-rest-sync'
import { type BenchRow, schema } from './rows'

export interface RawPlace {
  readonly rows: Table<BenchRow, string>
}

export interface SyncedPlace extends RawPlace {
  readonly sync: SyncEngine
}

/** The fresh browser a side runs in. */
export interface Place {
  /** A database as Dexie alone keeps it. */
  raw(): Promise<RawPlace>
  /** One under capture, its engine not started. */
  captured(): Promise<SyncedPlace>
  /** One whose engine runs and has done its first cycle; it does nothing by itself from then on. */
  started(push?: NonNullable<NonNullable<SyncConfig['sync']>['push']>): Promise<SyncedPlace>
  /** Lets the server hold exactly this many rows, and forget what was asked of it. */
  fill(rows: number): Promise<void>
  /** Requests that came since, by method. */
  asked(): Promise<Readonly<Record<string, number>>>
}

/** Long enough that a local write never starts a push by itself. */
const never = 10 * 60_000

export const place: Place = {
  async raw() {
    const db = open()
    await db.open()
    return { rows: db.table('rows') }
  },
  async captured() {
    const db = open()
    const sync = startSync(db, configOf({}))
    await db.open()
    return { rows: db.table('rows'), sync }
  },
  async started(push = {}) {
    const db = open()
    const sync = startSync(db, configOf(push))
    const synced = new Promise<void>((resolve) => {
      sync.once('sync-complete', () => resolve())
    })
    await sync.start()
    await synced
    return { rows: db.table('rows'), sync }
  },
  async fill(rows) {
    await control(`?rows=${rows}`)
  },
  asked: async () => (await control('')).requests,
}

function open(): Dexie {
  const db = new Dexie('bench')
  db.version(1).stores({ rows: schema })
  return db
}

function configOf(push: object): SyncConfig {
  return {
    baseUrl: location.origin,
    routes: defineRoutes({ rows: resource('/api/rows', { key: 'client' }) }),
    sync: { interval: 0, push: { debounce: never, ...push }, pull: { pageSize: 1000 } },
    autoStart: false,
  }
}

async function control(query: string): Promise<{ requests: Record<string, number> }> {
  return (await fetch(`/control${query}`)).json()
}
