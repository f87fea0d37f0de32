import Dexie, { type DBCore, type DBCoreTransaction } from 'dexie'
import type { Key, Row } from '../model/change'
import { SyncError } from '../model/error'
import { withStrictDurability } from './durability'
import type { SyncTableName } from './tables'

/** Part of a table's primary keys, for {@link Tx.scan}. */
export interface KeyRange {
  readonly lower?: Key
  readonly upper?: Key
  /** Leaves the lower bound itself out. */
  readonly lowerOpen?: boolean
}

/**
 * One IndexedDB transaction of ours, below capture: what is written here is never captured (I7), yet the app's
 * liveQueries see it. Only awaits of its own methods may stand in a transaction's body: anything else lets
 * IndexedDB commit too early.
 */
export interface Tx {
  get<T>(table: string, key: Key): Promise<T | undefined>
  getMany<T>(table: string, keys: readonly Key[]): Promise<(T | undefined)[]>
  /** Rows in key order. */
  scan<T>(table: string, range?: KeyRange, limit?: number): Promise<T[]>
  keys(table: string): Promise<Key[]>
  count(table: string): Promise<number>
  /** `keys` only for tables that keep them outside their rows. */
  put(table: string, rows: readonly object[], keys?: readonly Key[]): Promise<void>
  /** Adds a row to a table that numbers its rows, and answers the number. */
  append(table: SyncTableName, row: object): Promise<number>
  remove(table: string, keys: readonly Key[]): Promise<void>
  clear(table: string): Promise<void>
}

export interface WriteOptions {
  /** Flushed to disk before the transaction completes (fences, I3). */
  readonly strict?: boolean
}

/** The only way sync reads and writes: capture looks away from it. */
export class Storage {
  readonly #db: Dexie
  readonly #below: () => DBCore

  constructor(db: Dexie, below: () => DBCore) {
    this.#db = db
    this.#below = below
  }

  read<T>(tables: readonly string[], body: (tx: Tx) => Promise<T>): Promise<T> {
    // '!': never joins a transaction of the app that happens to be open around the call.
    return asNative(this.#db.transaction('r!', [...tables], async (trans) => body(this.#tx(trans.idbtrans))))
  }

  write<T>(
    tables: readonly string[],
    body: (tx: Tx) => Promise<T>,
    { strict = false }: WriteOptions = {},
  ): Promise<T> {
    const run = () =>
      this.#db.transaction('rw!', [...tables], async (trans) => body(this.#tx(trans.idbtrans)))
    return asNative(strict ? withStrictDurability(run) : run())
  }

  /** Whether a table keeps its keys outside its rows. */
  isOutbound(table: string): boolean {
    return this.#below().table(table).schema.primaryKey.outbound ?? false
  }

  /** Reads primary keys out of rows of a table that keeps them inside. */
  keyReader(table: string): (row: Row) => Key {
    const { extractKey } = this.#below().table(table).schema.primaryKey
    return (row) => extractKey!(row) as Key
  }

  #tx(idbtrans: unknown): Tx {
    const core = this.#below()
    const trans = idbtrans as DBCoreTransaction
    const primaryKey = (table: string) => core.table(table).schema.primaryKey
    const query = async <T>(table: string, range: KeyRange, limit: number, values: boolean): Promise<T[]> =>
      (
        await core.table(table).query({
          trans,
          values,
          limit,
          query: { index: primaryKey(table), range: coreRange(range) },
        })
      ).result
    const mutate = async (table: string, request: object): Promise<number | undefined> => {
      const { numFailures, failures, lastResult } = await core
        .table(table)
        .mutate({ trans, ...request } as never)
      if (numFailures > 0) throw Object.values(failures)[0]
      return lastResult as number | undefined
    }
    return {
      get: async (table, key) => core.table(table).get({ trans, key }),
      getMany: async (table, keys) =>
        keys.length > 0 ? core.table(table).getMany({ trans, keys: [...keys] }) : [],
      scan: (table, range = {}, limit = Number.POSITIVE_INFINITY) => query(table, range, limit, true),
      keys: (table) => query(table, {}, Number.POSITIVE_INFINITY, false),
      count: async (table) =>
        core.table(table).count({ trans, query: { index: primaryKey(table), range: coreRange({}) } }),
      put: async (table, rows, keys) => {
        if (rows.length > 0)
          await mutate(table, { type: 'put', values: rows, ...(primaryKey(table).outbound && { keys }) })
      },
      append: async (table, row) => (await mutate(table, { type: 'add', values: [row] })) ?? 0,
      remove: async (table, keys) => {
        if (keys.length > 0) await mutate(table, { type: 'delete', keys })
      },
      clear: async (table) => {
        await mutate(table, { type: 'deleteRange', range: coreRange({}) })
      },
    }
  }
}

/** Dexie's range types: 1 equal, 2 range, 3 any. */
function coreRange({ lower, upper, lowerOpen = false }: KeyRange) {
  const type = lower === undefined && upper === undefined ? 3 : 2
  return { type, lower, upper, lowerOpen, upperOpen: false }
}

/** Leaves Dexie's promise zone behind, and turns its errors into ours. */
async function asNative<T>(work: PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    work.then(resolve, (error: unknown) => reject(storageError(error)))
  })
}

/** Quota errors hide inside aborts (`inner`), or show in the name alone. */
export function storageError(error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'SyncError') return error
  const inner = (error as { inner?: unknown }).inner
  const names = [
    error.name,
    inner instanceof Error || inner instanceof Dexie.DexieError ? (inner as Error).name : '',
  ]
  if (names.includes('QuotaExceededError')) return new SyncError('quota-exceeded', { cause: error })
  const closed = [
    'DatabaseClosedError',
    'InvalidStateError',
    'UnknownError',
    'OpenFailedError',
    'NotFoundError',
    'VersionError',
    'AbortError',
  ]
  return names.some((name) => closed.includes(name))
    ? new SyncError('storage-failed', { cause: error })
    : error
}
