import Dexie from 'dexie'

interface Marker {
  readonly name: string
  readonly instance: string
}

/**
 * A tiny second database that remembers that a database was synced (decision 4). When the sync tables are gone from
 * the first while the marker is still here, the outbox has vanished, and rows that stayed have lost their history.
 */
export class VanishMarker {
  readonly #db: Dexie

  /** It lives where the app's database lives, also when the app brings its own IndexedDB. */
  constructor(db: Dexie) {
    this.#db = new Dexie(`${db.name}-sync-marker`, worldOf(db) as never)
    this.#db.version(1).stores({ marker: 'name' })
  }

  async read(): Promise<string | undefined> {
    return (await this.#db.table<Marker>('marker').get('instance'))?.instance
  }

  async write(instance: string): Promise<void> {
    await this.#db.table<Marker>('marker').put({ name: 'instance', instance })
  }

  close(): void {
    this.#db.close()
  }
}

function worldOf(db: Dexie): { indexedDB?: IDBFactory; IDBKeyRange?: typeof IDBKeyRange } {
  const { indexedDB, IDBKeyRange } = (
    db as unknown as { _deps: { indexedDB?: IDBFactory; IDBKeyRange?: typeof globalThis.IDBKeyRange } }
  )._deps
  return { ...(indexedDB && { indexedDB }), ...(IDBKeyRange && { IDBKeyRange }) }
}
