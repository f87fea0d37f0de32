import Dexie from 'dexie'
import { storageError } from './storage-error'

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

  /** Rejects with `database-closed` after {@link close}. */
  async read(): Promise<string | undefined> {
    const found = this.#db.table<Marker>('marker').get('instance')
    return (await found.catch(refuse))?.instance
  }

  /** As {@link read}. */
  async write(instance: string): Promise<void> {
    await this.#db.table<Marker>('marker').put({ name: 'instance', instance }).catch(refuse)
  }

  close(): void {
    this.#db.close()
  }
}

function refuse(error: unknown): never {
  throw storageError(error)
}

function worldOf(db: Dexie): { indexedDB?: IDBFactory; IDBKeyRange?: typeof IDBKeyRange } {
  const { indexedDB, IDBKeyRange } = (
    db as unknown as { _deps: { indexedDB?: IDBFactory; IDBKeyRange?: typeof globalThis.IDBKeyRange } }
  )._deps
  return { ...(indexedDB && { indexedDB }), ...(IDBKeyRange && { IDBKeyRange }) }
}
