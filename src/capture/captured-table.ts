import type {
  DBCoreAddRequest,
  DBCoreMutateRequest,
  DBCoreMutateResponse,
  DBCorePutRequest,
  DBCoreTable,
  DBCoreTransaction,
} from 'dexie'
import type { AliasMap } from '../keys/alias-map'
import { giveKeys } from '../keys/give-keys'
import { withKey } from '../keys/key-in-row'
import { temporaryKeysIn, withRealKeys } from '../keys/named-keys'
import { isTemporary } from '../keys/temporary'
import type { Key } from '../model/change'
import type { KeyPath } from '../model/table'
import { captureRange } from './capture-range'
import { captureRows } from './capture-rows'
import { relay } from './relay'
import { keyMadeByApp, serverKey } from './server-key'
import type { CapturedTable } from './synced-table'
import type { CapturedTransaction } from './transaction'

/** What a table under capture needs to know of its surroundings. */
export interface Surroundings {
  /** The captured transaction; undefined for reading ones, upgrades, and those begun before capture. */
  readonly transactionOf: (trans: DBCoreTransaction) => CapturedTransaction | undefined
  readonly aliases: AliasMap
  readonly world: { random(): number; uuid(): string }
}

type Reading = 'get' | 'getMany' | 'query' | 'openCursor' | 'count'

/** A synced table: writes are captured, reads are remembered as before-images, temporary keys are followed. */
export function capturedTable(table: CapturedTable, around: Surroundings): DBCoreTable {
  const { core, name } = table
  const { schema } = core
  const follows = table.keys === 'server'
  const namesIn = (request: object) =>
    follows ? temporaryKeysIn(request, schema).map((key) => ({ table: name, key })) : []

  /** Runs a request in its turn, under real keys. */
  function pass<R extends { trans: DBCoreTransaction }, A>(
    request: R,
    run: (request: R, tx: CapturedTransaction | undefined) => Promise<A>,
  ): Promise<A> {
    const tx = around.transactionOf(request.trans)
    const names = namesIn(request)
    if (!tx)
      return run(
        names.length === 0
          ? request
          : withRealKeys(request, schema, (key) => around.aliases.resolve(name, key)),
        tx,
      )
    tx.entered()
    const operation = () =>
      run(
        names.length === 0 ? request : withRealKeys(request, schema, (key) => tx.gate.resolve(name, key)),
        tx,
      )
    return relay(
      tx.gate.pass(names, operation),
      (answer) => answer,
      (error) => {
        throw tx.reason(error)
      },
    )
  }

  function reading(method: Reading) {
    const run = core[method] as (request: { trans: DBCoreTransaction }) => Promise<unknown>
    return (request: { trans: DBCoreTransaction }) => pass(request, run)
  }

  return {
    ...core,
    mutate: (request) => {
      const tx = around.transactionOf(request.trans)
      const given = tx && follows && brings(request) ? giveKeys(request, core, around.world) : undefined
      for (const key of given?.made ?? []) {
        tx?.gate.isNew({ table: name, key })
        tx?.images(name).isNew(key)
      }
      const made =
        tx && follows && request.type === 'add' ? keyMadeByApp(given?.request ?? request, core) : undefined
      if (made !== undefined) return Promise.reject(serverKey(table, made))
      return pass(given?.request ?? request, (real, inside): Promise<DBCoreMutateResponse> => {
        if (!inside) return core.mutate(real)
        return real.type === 'deleteRange'
          ? captureRange(table, inside, real)
          : captureRows(table, inside, real)
      })
    },
    get: (request) =>
      pass(request, (real, tx) =>
        remember(
          tx,
          [real.key],
          () => core.get(real),
          (row) => [row],
        ),
      ),
    getMany: (request) =>
      pass(request, (real, tx) => {
        const read = () => core.getMany(real)
        // Without the flag nobody will write what was read: the app's own bulkGet.
        const rows = real.cache
          ? remember(isStale(real) ? undefined : tx, real.keys, read, (all) => all)
          : read()
        if (real === request || real.cache !== 'clone') return rows
        // bulkUpdate insists that the rows carry the keys it asked for.
        return rows.then((found) => found.map((row, i) => row && underKey(row, request.keys[i])))
      }),
    query: reading('query') as DBCoreTable['query'],
    openCursor: reading('openCursor') as DBCoreTable['openCursor'],
    count: reading('count') as DBCoreTable['count'],
  }

  function remember<A>(
    tx: CapturedTransaction | undefined,
    keys: readonly unknown[],
    read: () => Promise<A>,
    rowsIn: (answer: A) => readonly unknown[],
  ): Promise<A> {
    if (!tx) return read()
    const arrived = tx.images(name).startRead()
    return relay(
      read(),
      (answer) => {
        arrived(keys, rowsIn(answer))
        return answer
      },
      (error) => {
        arrived([], [])
        throw error
      },
    )
  }

  function underKey(row: unknown, key: unknown): unknown {
    const { keyPath } = schema.primaryKey
    return key != null && isTemporary(key as Key)
      ? withKey(row as never, keyPath as KeyPath, key as Key)
      : row
  }
}

/** True for requests that bring rows. */
function brings(request: DBCoreMutateRequest): request is DBCoreAddRequest | DBCorePutRequest {
  return request.type === 'add' || request.type === 'put'
}

/**
 * Dexie keeps the rows of the last such read and may answer from them, even when they have become old (it is one cache
 * for all tables of the transaction). Such an answer is what the app gets, but no before-image.
 */
function isStale({ trans, keys }: { trans: DBCoreTransaction; keys: readonly unknown[] }): boolean {
  const cache = (trans as { _cache?: { keys: readonly unknown[] } | null })._cache
  return !!cache && cache.keys.length >= keys.length
}
