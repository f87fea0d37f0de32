import type { DBCore, DBCoreTable, DBCoreTransaction, DbCoreTransactionOptions, Dexie } from 'dexie'
import type { Environment } from '../environment'
import { AliasGate } from '../keys/alias-gate'
import type { AliasMap } from '../keys/alias-map'
import type { Alias } from '../model/alias'
import { logFormat } from '../model/change'
import type { Clock } from '../outbox/clock'
import { wantsStrictDurability } from '../storage/durability'
import { hideSyncTables } from '../storage/schema'
import { isSyncTable } from '../storage/tables'
import { capturedTable, type Surroundings } from './captured-table'
import { CapturedTransaction } from './transaction'

export interface CaptureOptions {
  /** The synced tables by name. */
  readonly tables: ReadonlyMap<string, { readonly keys: 'server' | 'client' }>
  /** Whose changes these are (I11). */
  readonly identity: () => string
  /** Schema version of the running code. */
  readonly schemaVersion: () => number
  readonly env: Pick<Environment, 'now' | 'uuid' | 'random'>
  /** Tells when a change was made. */
  readonly clock: Pick<Clock, 'stamp'>
  /** This tab's copy of the aliases, for reads. */
  readonly aliases: AliasMap
  /** A transaction with captured changes of these tables has committed. */
  readonly committed: (tables: ReadonlySet<string>) => void
}

export interface Capture {
  /** The core under capture: what is written through it is not captured, yet the app's liveQueries see it (I7). */
  below(): DBCore
}

/**
 * Puts capture (decision 1) into the database: every write to a synced table and what it changed commit together or not
 * at all (I1). Call before the database opens. Upgrade and populate transactions are not seen.
 */
export function installCapture(db: Dexie, options: CaptureOptions): Capture {
  let below: DBCore | undefined
  db.use({
    stack: 'dbcore',
    name: 'dexie-rest-sync',
    // Above Dexie's own caches, so that they see what is really written; below its hooks, so that we do.
    level: 1,
    create: (down) => {
      below = down
      hideSyncTables(db)
      return captureCore(down, options)
    },
  })
  return {
    below: () => {
      if (!below) throw new Error('the database has not been opened yet')
      return below
    },
  }
}

function captureCore(down: DBCore, options: CaptureOptions): DBCore {
  const captured = new WeakMap<DBCoreTransaction, CapturedTransaction>()
  const transactionOf = (trans: DBCoreTransaction) => captured.get(trans)
  const around: Surroundings = { transactionOf, aliases: options.aliases, world: options.env }

  return {
    ...down,
    transaction: (stores, mode, wish) => {
      const durability = durabilityOf(wish)
      const added = mode === 'readwrite' ? tablesBeside(stores, options.tables) : []
      if (added.length === 0) return down.transaction(stores, mode, durability)
      const trans = down.transaction([...new Set([...stores, ...added])], mode, durability)
      const tx = begin(down, trans, options)
      captured.set(trans, tx)
      ;(trans as IDBTransaction).addEventListener('complete', () => {
        if (tx.touched.size > 0) options.committed(tx.touched)
      })
      return trans
    },
    table: (name) => {
      const core = down.table(name)
      const synced = options.tables.get(name)
      if (synced) return capturedTable({ name, keys: synced.keys, core }, around)
      return isSyncTable(name) ? core : inTurn(core, transactionOf)
    },
  }
}

/** The sync tables a transaction over these stores must hold as well. */
function tablesBeside(stores: readonly string[], tables: CaptureOptions['tables']): string[] {
  const synced = stores.flatMap((store) => tables.get(store) ?? [])
  if (synced.length === 0) return []
  return synced.some(({ keys }) => keys === 'server') ? ['_sync_log', '_sync_aliases'] : ['_sync_log']
}

function durabilityOf(wish: DbCoreTransactionOptions | undefined): DbCoreTransactionOptions | undefined {
  return wantsStrictDurability() ? { ...wish, durability: 'strict' } : wish
}

function begin(
  down: DBCore,
  trans: DBCoreTransaction,
  { aliases, env, clock, identity, schemaVersion }: CaptureOptions,
): CapturedTransaction {
  const gate = new AliasGate(aliases, (names) =>
    down
      .table('_sync_aliases')
      .getMany({ trans, keys: names.map(({ table, key }) => [table, key]) })
      .then((found): (Alias | undefined)[] => found),
  )
  return new CapturedTransaction(env.uuid(), trans, down.table('_sync_log'), gate, (tx) => ({
    format: logFormat,
    id: env.uuid(),
    tx,
    at: env.now(),
    stamp: clock.stamp(),
    schemaVersion: schemaVersion(),
    identity: identity(),
  }))
}

/** A table that is not synced: in a captured transaction its requests keep their place among the others. */
function inTurn(core: DBCoreTable, transactionOf: Surroundings['transactionOf']): DBCoreTable {
  const turn =
    <R extends { trans: DBCoreTransaction }, A>(run: (request: R) => Promise<A>) =>
    (request: R): Promise<A> => {
      const tx = transactionOf(request.trans)
      return tx ? tx.gate.pass([], () => run(request)) : run(request)
    }
  return {
    ...core,
    mutate: turn(core.mutate),
    get: turn(core.get),
    getMany: turn(core.getMany),
    query: turn(core.query),
    openCursor: turn(core.openCursor),
    count: turn(core.count),
  }
}
