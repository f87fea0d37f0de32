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

  /** `options`: the app's own IndexedDB, where it brings one. */
  constructor(name: string, options: { indexedDB?: IDBFactory; IDBKeyRange?: typeof IDBKeyRange }) {
    this.#db = new Dexie(`${name}-sync-marker`, options as never)
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
