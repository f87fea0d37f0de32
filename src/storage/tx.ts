import type { DBCore, DBCoreTransaction } from 'dexie'
import type { Key } from '../model/change'
import type { SyncTableName } from './tables'
import { currentZone, inZone } from './zone'

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
  /** Removes everything in a range of keys, with one request. */
  removeRange(table: string, range: KeyRange): Promise<void>
}

/** The methods of one transaction. To be called in the zone of the transaction. */
export function openTx(core: DBCore, trans: DBCoreTransaction): Tx {
  // Dexie's caches look for the transaction in the zone, which native promises lose after a hundred awaits.
  const zone = currentZone()
  const primaryKey = (table: string) => core.table(table).schema.primaryKey
  const query = async <T>(table: string, range: KeyRange, limit: number, values: boolean): Promise<T[]> => {
    const request = { trans, values, limit, query: { index: primaryKey(table), range: coreRange(range) } }
    return (await inZone(zone, () => core.table(table).query(request))).result
  }
  const mutate = async (table: string, request: object): Promise<number> => {
    const run = () => core.table(table).mutate({ trans, ...request } as never)
    const { numFailures, failures, lastResult } = await inZone(zone, run)
    if (numFailures > 0) throw Object.values(failures)[0]
    return lastResult as number
  }
  return {
    get: async (table, key) => inZone(zone, () => core.table(table).get({ trans, key })),
    getMany: async (table, keys) =>
      keys.length > 0 ? inZone(zone, () => core.table(table).getMany({ trans, keys: [...keys] })) : [],
    scan: (table, range = {}, limit = Number.POSITIVE_INFINITY) => query(table, range, limit, true),
    keys: (table) => query(table, {}, Number.POSITIVE_INFINITY, false),
    count: async (table) => {
      const request = { trans, query: { index: primaryKey(table), range: coreRange({}) } }
      return inZone(zone, () => core.table(table).count(request))
    },
    put: async (table, rows, keys) => {
      if (rows.length === 0) return
      await mutate(table, { type: 'put', values: rows, ...(primaryKey(table).outbound && { keys }) })
    },
    append: (table, row) => mutate(table, { type: 'add', values: [row] }),
    remove: async (table, keys) => {
      if (keys.length > 0) await mutate(table, { type: 'delete', keys })
    },
    removeRange: async (table, range) => {
      await mutate(table, { type: 'deleteRange', range: coreRange(range) })
    },
  }
}

/** Dexie's range types: 2 range, 3 any. */
function coreRange({ lower, upper, lowerOpen = false }: KeyRange) {
  const type = lower === undefined && upper === undefined ? 3 : 2
  return { type, lower, upper, lowerOpen, upperOpen: false }
}
