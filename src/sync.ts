import type Dexie from 'dexie'
import { installCapture } from './capture/middleware'
import { type Configured, configure, type SyncConfig } from './config'
import { checkStaleTables } from './config-check'
import type { SyncEngine } from './engine/engine'
import { Identity } from './engine/identity'
import { inertEngine } from './engine/inert'
import { Life } from './engine/life'
import { makeEngine } from './engine/make-engine'
import { Tab } from './engine/tab'
import { browserEnvironment, type Environment } from './environment'
import { AliasMap } from './keys/alias-map'
import { asLive, firstDifference, type Live } from './live-config'
import { SyncError } from './model/error'
import type { Exchange } from './model/exchange'
import type { Schema } from './model/schema'
import { Clock } from './outbox/clock'
import type { Ledger } from './outbox/ledger'
import type { Protocol } from './protocol/protocol'
import { checkRoutes } from './protocol/rest/check-routes'
import { restProtocol } from './protocol/rest/rest'
import { Connection } from './storage/connection'
import { extendSchema, installOnDatabase } from './storage/schema'
import { Storage } from './storage/transaction'
import { createAuth } from './transport/auth'
import { deviceTurn } from './transport/device-turn'
import { createHttp } from './transport/http'

interface Started {
  readonly engine: SyncEngine
  readonly live: Live<SyncConfig>
}

const started = new WeakMap<Dexie, Started>()

/**
 * Makes a Dexie database offline-first against a REST backend. From this call on every local change of a routed table
 * is recorded in the same transaction (I1); the engine, which is also `db.sync`, sends and fetches.
 *
 * Call it after `db.version().stores()` and, best, before the database is opened. Calling it again with the same
 * configuration answers the same engine, and newer functions take over (StrictMode, hot reload).
 *
 * @throws SyncError `bad-config` naming the path and the mend; `already-started` for other data on the same database
 * @example
 * const sync = startSync(db, {
 *   baseUrl: 'https://api.example.com',
 *   routes: defineRoutes({ posts: resource('/api/posts') }),
 * })
 */
export function startSync(db: Dexie, config: SyncConfig): SyncEngine {
  return createSync(db, config, browserEnvironment())
}

/** {@link startSync} in a world of the caller's making (decision 9). */
export function createSync(db: Dexie, config: SyncConfig, env: Environment): SyncEngine {
  if (!(db as unknown as { _deps?: { indexedDB?: unknown } })._deps?.indexedDB) return inertEngine(env)
  const earlier = started.get(db)
  if (earlier) return again(earlier, config)
  const live = asLive(config)
  const engine = build(db, configure(live.value), env)
  started.set(db, { engine, live })
  Object.defineProperty(db, 'sync', { value: engine, configurable: true })
  return engine
}

function again({ engine, live }: Started, config: SyncConfig): SyncEngine {
  const path = firstDifference(live.original, config)
  if (path !== undefined) throw new SyncError('already-started', { what: `${path} differs` })
  live.update(config)
  return engine
}

function build(db: Dexie, configured: Configured, env: Environment): SyncEngine {
  const identity = new Identity(configured.config.identity, (error) => tab.report(error))
  const exchanged = (data: Exchange) => tab.knowledge.metrics.count({ name: 'exchange', data })
  const clock = new Clock(env)
  const protocol = configured.config.protocol ?? rest(db, configured, env, identity, clock, exchanged)
  checkStaleTables(
    configured.staleness.tables,
    protocol.scopes.flatMap((scope) => scope.tables),
  )
  const aliases = new AliasMap()
  const { schemaVersion, migrateOutbox } = configured.config
  const schema: Schema = {
    // Declared versions, whatever the database on disk has come to.
    version: () => schemaVersion ?? Math.floor(db.verno),
    ...(migrateOutbox && { migrate: migrateOutbox }),
  }
  const synced = new Map(protocol.tables.filter(({ push }) => push).map(({ name, keys }) => [name, { keys }]))
  let capture: ReturnType<typeof installCapture> | undefined
  installOnDatabase(
    db,
    () => {
      extendSchema(db)
      capture = installCapture(db, {
        tables: synced,
        identity: () => identity.stamp(),
        schemaVersion: schema.version,
        env,
        clock,
        aliases,
        committed: (tables) => tab.committed([...tables]),
      })
    },
    env.warn,
  )
  const connection = new Connection(db)
  const storage = new Storage(db, () => capture!.below(), connection)
  const tables = new Map(protocol.tables.map((table) => [table.name, table]))
  const tab = new Tab({ db, env, configured, protocol, tables, storage, aliases, clock, identity, schema })
  const life = new Life({ env, connection, tab })
  const ledger: Ledger = {
    // What the app asks for may open the database, as any query of the app does.
    storage: new Storage(db, () => capture!.below()),
    env,
    clock,
    aliases,
    tables,
    emit: (name, data) => tab.emit(name, data),
    wake: (tables) => tab.committed(tables, true),
    schema,
    uploads: configured.initialUpload,
  }
  const engine = makeEngine(tab, life, ledger, identity, protocol, configured.settings.pageSize)
  if (configured.autoStart)
    void Promise.resolve()
      .then(() => engine.start())
      .catch((error) => tab.report(error))
  return engine
}

function rest(
  db: Dexie,
  { config, conflicts, verify }: Configured,
  env: Environment,
  identity: Identity,
  clock: Clock,
  onExchange: (exchange: Exchange) => void,
): Protocol {
  const auth = createAuth(config.auth ?? {}, env, deviceTurn(env, `dexie-rest-sync:${db.name}:login`))
  const { location } = env
  const http = createHttp({
    baseUrl: config.baseUrl,
    ...(location && { location }),
    env,
    auth,
    mayLeave: () => identity.standing() === 'ours',
    clock,
    onExchange,
  })
  const tables = new Map(
    db.tables.map(({ name, schema }) => [
      name,
      {
        keyPath: schema.primKey.keyPath ?? null,
        auto: schema.primKey.auto ?? false,
        indexes: schema.indexes.map((index) => index.name),
      },
    ]),
  )
  checkRoutes(config.routes, tables, { baseUrl: config.baseUrl, ...(location && { location }) }, conflicts)
  const spoken = restProtocol({
    baseUrl: config.baseUrl,
    ...(location && { location }),
    routes: config.routes ?? {},
    tables,
    http,
    defaults: { conflicts, verify },
    warn: env.warn,
    now: env.now,
    timer: env.timer,
  })
  return { ...spoken, login: auth }
}
