import type { Environment } from '../../environment'
import type { ConflictOptions, ConflictRules } from '../../model/conflict-rules'
import type { FenceItem } from '../../model/entry'
import { SyncError } from '../../model/error'
import type { Verify } from '../../model/table'
import { createAddress } from '../../transport/address'
import type { Http } from '../../transport/http'
import type { Protocol } from '../protocol'
import { freezeItem } from './freeze'
import { outcomeOf } from './outcome'
import { pullPage } from './pull'
import { readRecord } from './read'
import type { Routes } from './routes'
import { type RestTable, restTable } from './table'
import type { TableShape } from './table-shape'
import { createUserCode } from './user-code'

export interface RestOptions {
  readonly baseUrl: string
  /** Address of the page, for a relative `baseUrl`. */
  readonly location?: string
  /** Checked by `checkRoutes`. */
  readonly routes: Routes
  /** The tables of the database, by name. */
  readonly tables: ReadonlyMap<string, TableShape>
  readonly http: Http
  /** For routes that do not say it themselves. */
  readonly defaults: { readonly conflicts: ConflictOptions; readonly verify: Verify }
  /** Says something to the developer. Called at most once for each thing. */
  warn(message: string): void
  /** Wall clock, ms. */
  now(): number
  /** Ends waiting for functions of the app that hang. */
  readonly timer: Environment['timer']
}

/** REST in the words of the engine: one request per record, one pull scope per table. */
export function restProtocol(options: RestOptions): Protocol {
  const { http, now } = options
  const place = createAddress(options.baseUrl, options.location)
  const user = createUserCode(options.timer)
  const tables = restTables(options)
  sayDegradedLooks([...tables.values()], options)

  function tableNamed(name: string): RestTable {
    const table = tables.get(name)
    if (!table) throw new SyncError('unknown-table', { what: `${name} has no route`, table: name })
    return table
  }

  return {
    order: 'push-first',
    tables: [...tables.values()].map(({ synced }) => synced),
    scopes: [...tables.values()]
      .filter(({ route }) => route.pull)
      .map(({ name }) => ({ name, tables: [name] })),
    batch: { mode: 'one' },

    freeze(items, _, signal) {
      const item = only(items)
      return freezeItem(item, tableNamed(item.table), place, user, signal)
    },

    guarded({ table: name, kind }) {
      const { push, synced } = tableNamed(name)
      if (kind === 'create') return true
      // It wins whatever the server holds, and sends nothing but what was changed here.
      const patched = kind === 'update' && (push.update?.method ?? 'PATCH') === 'PATCH'
      return patched && alwaysLocal(synced.conflicts)
    },

    async push(request, items, { id, signal, probe }) {
      const item = only(items)
      const table = tableNamed(item.table)
      const headers = { ...request.headers, 'idempotency-key': id }
      const answer = await http.exchange(
        { ...request, headers, burst: !probe && mayRepeat(item, table) },
        signal,
      )
      return [await outcomeOf(answer, { item, table, user, signal, now: now() })]
    },

    pull(scope, checkpoint, call) {
      const table = tableNamed(scope.name)
      const { pull } = table.route
      if (!pull)
        throw new SyncError('unknown-table', { what: `${scope.name} is not pulled`, table: scope.name })
      return pullPage(table, pull, checkpoint, call, { http, user, now })
    },

    canRead: (name) => tables.get(name)?.route.read !== undefined,

    read(name, key, { signal }) {
      const table = tableNamed(name)
      const { read } = table.route
      if (!read) throw new SyncError('bad-config', { what: `routes.${name}.read is missing`, table: name })
      return readRecord(table, read, key, signal, { http, place, user, now })
    },
  }
}

/** True where every conflict of two edits ends with the local value of what was changed here. */
function alwaysLocal({ policy, fields, onConflict, granularity }: ConflictRules): boolean {
  if (policy !== 'client-wins' || onConflict || granularity === 'row') return false
  return Object.values(fields).every((rule) => rule === 'client')
}

function restTables({ routes, tables, defaults }: RestOptions): ReadonlyMap<string, RestTable> {
  return new Map(
    Object.entries(routes).map(([name, route]) => {
      const shape = tables.get(name)
      if (!shape) throw new SyncError('unknown-table', { what: `routes.${name}`, table: name })
      return [name, restTable(name, route, shape, defaults)] as const
    }),
  )
}

/** A create that must not be made twice is not repeated unless a person says so; a limited table counts each try. */
function mayRepeat(item: FenceItem, { synced }: RestTable): boolean {
  if (synced.rateLimit) return false
  return item.kind !== 'create' || synced.onUnknown !== 'park'
}

/** Without a look every policy is client-wins in disguise (`DESIGN` 6): the developer is told. */
function sayDegradedLooks(tables: readonly RestTable[], { defaults, warn }: RestOptions): void {
  for (const { name, push, synced } of tables) {
    const wanted = push.verify ?? defaults.verify
    if (!synced.push || synced.verify === wanted || synced.verify !== 'none') continue
    warn(
      `${name}: changes leave without a look at the server's row, since the route has neither pull nor read. ` +
        'Changes of other devices may be overwritten unseen.',
    )
  }
}

function only(items: readonly FenceItem[]): FenceItem {
  const [item] = items
  if (!item || items.length !== 1)
    throw new SyncError('bad-config', { what: 'REST sends one record per request' })
  return item
}
