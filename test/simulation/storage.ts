import {
  IDBFactory as FakeFactory,
  IDBOpenDBRequest as FakeOpenRequest,
  forceCloseDatabase,
} from 'fake-indexeddb'
import type { Key, Row } from '../../src/model/change'
import { goneTab } from './gone-tab'
import type { StoreChange, StoredRecord } from './history'

/** fake-indexeddb's own structures, read in place: the only way to look without taking part (version is pinned). */
interface Inside {
  readonly _rawDatabase: {
    readonly version: number
    readonly rawObjectStores: ReadonlyMap<string, InsideStore>
  }
}

interface InsideStore {
  readonly records: { values(): Iterable<StoredRecord> }
  storeRecord(record: StoredRecord, noOverwrite: boolean): void
  deleteRecord(key: Key): void
}

export interface Committed {
  readonly tab: string
  readonly stores: readonly string[]
  readonly changes: readonly StoreChange[]
}

/** The IndexedDB of one device: one factory, one database, seen by every tab of the device through its own facade. */
export class DeviceStorage {
  private readonly factory = new FakeFactory()
  private readonly seen = new Map<string, Map<string, StoredRecord>>()
  private inside: Inside | undefined
  /** What was committed and is not on disk yet, oldest first. */
  private unflushed: (readonly StoreChange[])[] = []

  constructor(
    private readonly database: string,
    private readonly committed: (commit: Committed) => void,
  ) {}

  facade(tab: string): TabStorage {
    return new TabStorage(this.factory, tab, {
      opened: (connection) => {
        // The engine may keep databases of its own; only the app's is looked into.
        if (connection.name === this.database) this.inside ??= connection as unknown as Inside
      },
      committed: (database, stores, isOnDisk) => {
        if (database !== this.database) return
        const changes = this.difference(stores)
        if (isOnDisk) this.unflushed = []
        else if (changes.length > 0) this.unflushed.push(changes)
        if (changes.length > 0) this.committed({ tab, stores, changes })
      },
    })
  }

  /**
   * The power fails: what the last commits changed was not on disk and is gone (FAULTS F6). Answers what that was, of at
   * most `most` commits: none from before one that was flushed. No tab may be there.
   */
  loseCommits(most: number): readonly (readonly StoreChange[])[] {
    const lost = this.unflushed.splice(Math.max(0, this.unflushed.length - most)).reverse()
    for (const changes of lost)
      for (const { store, key, before } of [...changes].reverse()) this.overwrite(store, key, before)
    return lost
  }

  /** Another connection brings the database to a newer version; `opened` once nobody is in its way. */
  upgrade(opened: (connection: IDBDatabase) => void): void {
    if (!this.inside) return
    const request = this.factory.open(this.database, this.inside._rawDatabase.version + 10)
    request.addEventListener('success', () => opened(request.result))
  }

  /** Somebody empties a store behind everybody's back. */
  empty(store: string): void {
    for (const { key } of this.records(store))
      this.inside!._rawDatabase.rawObjectStores.get(store)!.deleteRecord(key)
    const changes = this.difference([store])
    if (changes.length > 0) this.committed({ tab: nobody, stores: [store], changes })
  }

  private overwrite(store: string, key: Key, value: Row | undefined): void {
    const raw = this.inside!._rawDatabase.rawObjectStores.get(store)!
    const seen = this.seen.get(store)!
    if (value === undefined) {
      raw.deleteRecord(key)
      seen.delete(keyText(key))
    } else {
      raw.storeRecord({ key, value }, false)
      seen.set(keyText(key), { key, value })
    }
  }

  /** All records of a store as they are now, other tabs' unfinished transactions included. */
  records(store: string): readonly StoredRecord[] {
    const raw = this.inside?._rawDatabase.rawObjectStores.get(store)
    return raw ? [...raw.records.values()] : []
  }

  stores(): readonly string[] {
    return this.inside ? [...this.inside._rawDatabase.rawObjectStores.keys()] : []
  }

  /**
   * What differs from the last look, in the stores of a transaction that has just committed (no other may touch
   * them until its `complete` was heard). Every put stores a fresh clone, so identity tells.
   */
  private difference(stores: readonly string[]): StoreChange[] {
    const changes: StoreChange[] = []
    for (const store of stores) {
      const before = this.seen.get(store) ?? new Map<string, StoredRecord>()
      const after = new Map<string, StoredRecord>()
      for (const record of this.records(store)) {
        const text = keyText(record.key)
        const old = before.get(text)
        after.set(text, { key: record.key, value: record.value })
        if (old?.value !== record.value) changes.push(change(store, record.key, old?.value, record.value))
      }
      for (const [text, old] of before) {
        if (!after.has(text)) changes.push(change(store, old.key, old.value, undefined))
      }
      this.seen.set(store, after)
    }
    return changes
  }
}

function change(store: string, key: Key, before: Row | undefined, after: Row | undefined): StoreChange {
  return { store, key, ...(before && { before }), ...(after && { after }) }
}

/** Who commits what no tab does. */
export const nobody = 'nobody'

/** A key as text: numbers and strings stay apart. */
export function keyText(key: unknown): string {
  return JSON.stringify(key)
}

interface Watcher {
  opened(connection: IDBDatabase): void
  committed(database: string, stores: readonly string[], isOnDisk: boolean): void
}

/**
 * What one tab sees as `indexedDB`. A kill is what the operating system does: every live transaction is rolled back,
 * the connection is gone, and nothing the tab's code still tries reaches the store.
 */
export class TabStorage {
  private readonly live = new Set<IDBTransaction>()
  private readonly connections = new Set<IDBDatabase>()
  private readonly strict = new WeakSet<IDBTransaction>()
  private opening = 0
  private dead = false

  constructor(
    private readonly factory: IDBFactory,
    readonly tab: string,
    private readonly watcher: Watcher,
  ) {}

  /** The read-write transactions that are open now. */
  writing(): number {
    return [...this.live].filter((each) => each.mode !== 'readonly').length
  }

  /**
   * How many transactions of sync are open now; while the database is being opened nobody waits for that one. One that
   * is rolled back is over, though the word of it may be on its way: nobody waits for that either.
   */
  open(): number {
    const ofSync = ({ objectStoreNames }: IDBTransaction) =>
      [...objectStoreNames].some((name) => name.startsWith('_sync_'))
    return [...this.live].filter((each) => each.mode !== 'versionchange' && !isOver(each) && ofSync(each))
      .length
  }

  /** No transaction of any kind is open, and no database is being opened. */
  isIdle(): boolean {
    return this.live.size === 0 && this.opening === 0
  }

  /** The open transactions that write to all of these stores and to none of the others. */
  private writersOf(stores: readonly string[], others: readonly string[]): IDBTransaction[] {
    const has =
      ({ objectStoreNames }: IDBTransaction) =>
      (store: string) =>
        objectStoreNames.contains(store)
    return [...this.live].filter(
      (each) =>
        each.mode === 'readwrite' && !isOver(each) && stores.every(has(each)) && !others.some(has(each)),
    )
  }

  /** Whether there is one. */
  isWritingTo(stores: readonly string[], others: readonly string[] = []): boolean {
    return this.writersOf(stores, others).length > 0
  }

  /** Rolls such a one back, as a full disk does: its requests may have gone well. */
  fill(stores: readonly string[], others: readonly string[] = []): void {
    const [transaction] = this.writersOf(stores, others)
    ;(transaction as unknown as { _abort(name: string): void })._abort('QuotaExceededError')
  }

  /** Every connection dies by itself, and what is open is rolled back. */
  lose(): void {
    this.rollBack()
    for (const connection of this.connections) forceCloseDatabase(connection as never)
    this.connections.clear()
  }

  kill(): void {
    this.dead = true
    this.rollBack()
    for (const connection of this.connections) connection.close()
  }

  private rollBack(): void {
    for (const transaction of this.live) {
      try {
        transaction.abort()
      } catch {
        // It had committed already: then it counts.
      }
    }
  }

  /** The facade handed to Dexie. */
  get indexedDB(): IDBFactory {
    return {
      open: (name: string, version?: number) => this.openDatabase(name, version),
      deleteDatabase: (name: string) => this.factory.deleteDatabase(name),
      cmp: (a: unknown, b: unknown) => this.factory.cmp(a, b),
      databases: () => this.factory.databases(),
    } as IDBFactory
  }

  private openDatabase(name: string, version: number | undefined): IDBOpenDBRequest {
    // A request nobody will ever answer.
    if (this.dead) return new FakeOpenRequest()
    const request = version === undefined ? this.factory.open(name) : this.factory.open(name, version)
    request.addEventListener('upgradeneeded', () => {
      this.adopt(request.result)
      if (request.transaction) this.watch(request.transaction)
    })
    this.opening++
    request.addEventListener('error', () => void this.opening--)
    request.addEventListener('success', () => {
      this.opening--
      this.adopt(request.result)
    })
    return request
  }

  private adopt(connection: IDBDatabase): void {
    if (this.connections.has(connection)) return
    this.connections.add(connection)
    this.watcher.opened(connection)
    if (this.dead) connection.close()
    const begin = connection.transaction.bind(connection)
    connection.transaction = (stores, mode, options) => {
      if (this.dead) throw goneTab()
      const transaction = begin(stores, mode, options)
      this.watch(transaction)
      if (options?.durability === 'strict') this.strict.add(transaction)
      return transaction
    }
  }

  private watch(transaction: IDBTransaction): void {
    this.live.add(transaction)
    const over = () => this.live.delete(transaction)
    transaction.addEventListener('abort', over)
    transaction.addEventListener('complete', () => {
      over()
      if (transaction.mode !== 'readonly') {
        const isOnDisk = transaction.mode === 'versionchange' || this.strict.has(transaction)
        this.watcher.committed(transaction.db.name, [...transaction.objectStoreNames], isOnDisk)
      }
    })
  }
}

function isOver(transaction: IDBTransaction): boolean {
  return (transaction as unknown as { readonly _state: string })._state === 'finished'
}
