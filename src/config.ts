import { badOption, checkConfig } from './config-check'
import type { ConflictOptions } from './model/conflict-rules'
import { SyncError } from './model/error'
import type { SyncEvents } from './model/event'
import type { IdentityOption } from './model/identity'
import { requestTimeout } from './model/limits'
import type { SyncMetrics } from './model/metrics'
import type { MigrateOutbox } from './model/schema'
import type { Verify } from './model/table'
import type { Settings } from './outbox/term'
import type { Protocol } from './protocol/protocol'
import type { Routes } from './protocol/rest/routes'
import { doublingDelay } from './push/backoff'
import type { Lifetimes } from './status/freshness'
import { type HealthThresholds, withDefaults } from './status/health'
import type { AuthOptions } from './transport/auth'

/** What `startSync` is told. Everything but `baseUrl` and `routes` (or `protocol`) has a default that is right for most apps. */
export interface SyncConfig {
  /** Where the backend is: an absolute address, or a path on the page's own origin. Credentials go nowhere else. */
  readonly baseUrl: string
  /** How each synced table talks to the backend. Tables without a route are local. */
  readonly routes?: Routes
  /** Another language than REST, instead of `routes`. */
  readonly protocol?: Protocol
  readonly auth?: Pick<AuthOptions, 'getHeaders' | 'onAuthError' | 'validateAuth' | 'maxAuthRetries'>
  readonly sync?: {
    /** ms between two whole cycles while nothing else gives cause. 0 = none. Default 30,000. */
    readonly interval?: number
    /** Syncs when the connection is back. Default true. */
    readonly onOnline?: boolean
    /** Syncs when a tab is looked at again. Default true. */
    readonly onVisibilityChange?: boolean
    readonly push?: {
      /** Answers settled in one transaction at most. Default 10. */
      readonly batchSize?: number
      /** Requests on their way at once. Default 3. */
      readonly concurrency?: number
      /** ms a local change waits for others before it leaves. Default 0: it leaves at once. */
      readonly debounce?: number
      /** How a change is looked at before it leaves; routes may say otherwise. Default `pull`. */
      readonly verify?: Verify
      /** ms after which a change leaves although its record could not be looked at. Default 300,000. */
      readonly lookTimeout?: number
      /** Share of a table's rows that one transaction may delete without being asked about. 1 = all. Default 0.5. */
      readonly maxDeleteRatio?: number
    }
    readonly pull?: {
      /** Rows asked for in one page. Default 500. */
      readonly pageSize?: number
      /** Pages fetched in one cycle. Default 1,000. */
      readonly maxPages?: number
      /** ms between two pages. Default 0: the next is fetched while one is applied. */
      readonly pageDelay?: number
    }
  }
  /** How conflicts are settled, where a route does not say otherwise. The tables of a `protocol` bring their own rules. */
  readonly conflicts?: ConflictOptions
  readonly errors?: {
    /** Answered failures a change may spend before it becomes a dead letter. Default 5. */
    readonly maxRetries?: number
    /**
     * ms to wait after attempt 0, 1, 2 …: half of it is left to chance where a change fails, nearly all where the
     * server is away. Default: 1 s doubling up to 60 s.
     */
    readonly retryDelay?: (attempt: number) => number
    /** Told of every error that nobody waits for. What it throws is ignored. */
    readonly onError?: (error: unknown) => unknown
  }
  /**
   * When rows count as old. A table is stale when its last pull to the end is longer ago than its `ttl`, or when it was
   * never pulled; without a `ttl` none ever is.
   */
  readonly staleness?: {
    /** ms after which the rows of a table are stale. Default: never. */
    readonly ttl?: number
    /** ms for tables that differ; `Infinity` = never. */
    readonly tables?: Readonly<Record<string, number>>
    /**
     * Pulls a table that is found stale in the background, while its rows can be read as they are: when it becomes so,
     * when `isStale()` is asked, when a tab is looked at again. False: it is only told. Default true.
     */
    readonly staleWhileRevalidate?: boolean
    /**
     * Told with every `stale` event, once per device, in the tab that leads; the event is heard in every tab.
     * `age` in ms. What it throws goes to `errors.onError`.
     */
    readonly onStale?: (stale: SyncEvents['stale']) => unknown
  }
  /** What is counted and told of sync itself. An app that asks for nothing pays for no timer and no reading. */
  readonly observability?: {
    /** False: nothing is counted, and no metrics are told. Default true. */
    readonly enabled?: boolean
    /** ms between two `metrics` events, while anybody listens for them. Default 30,000. */
    readonly metricsInterval?: number
    /**
     * Told the metrics at each interval, once per device, in the tab that leads; the `metrics` event is heard in each tab
     * that listens. Not awaited; what it throws goes to `errors.onError`.
     */
    readonly onMetrics?: (metrics: SyncMetrics) => unknown
    /**
     * Shows the work of the leading tab on the page's timeline (`performance.measure`): `dexie-rest-sync:sync`, `:push`,
     * `:settle`, and `:pull:<table>`, each beginning at a mark of that name and `:start`. The page keeps them all, so it is
     * for finding things out. Default false.
     */
    readonly marks?: boolean
    /** From where on `healthCheck()` finds something wrong. */
    readonly health?: Partial<HealthThresholds>
  }
  /**
   * Who is logged in: an id of the user at this server, as a text or a function that answers it at once; null or undefined
   * = nobody, or not known yet. Asked often, so it must be cheap, and tell of the same login `getHeaders` does. A database
   * holds the data of one: under another login changes are kept, and nothing is sent or pulled, until the first returns or
   * `signOut()` is called. Default: one for all.
   * @example
   * identity: () => session.user?.id ?? null
   */
  readonly identity?: IdentityOption
  /**
   * What happens to rows that are in a table before its first sync. `false` (default): they stay, and one the server
   * has differently becomes a conflict. `true`: they are created at the server, in tables with server-made keys under
   * temporary ones.
   */
  readonly initialUpload?: boolean
  /**
   * The version of the shape of the app's rows: a number that rises when it changes. Each waiting change remembers the
   * one it was made under. One made under a later one is left for the code that made it. Default: the whole part of the
   * highest `db.version()`.
   */
  readonly schemaVersion?: number
  /**
   * Brings what waits to the shape of this release, after an upgrade of the app: called for each row of a change that was
   * made under an older `schemaVersion`, and of what is kept beside it, before anything leaves. It changes the row it is
   * given, as in `upgrade()` of Dexie, or answers another; not async. It may meet a row that has the new shape already
   * and should leave it alone. What was sent before is sent again as it was. Where it throws, changes the key or answers
   * no row, the change becomes a dead letter (`migration-failed`); a retry asks again. With it, tabs on older code send
   * and pull nothing any more (state `outdated`); what they still write is migrated. Default: changes leave as they are.
   * @example
   * migrateOutbox: (row, { table, from }) => {
   *   if (table === 'posts' && from < 2 && 'title' in row) {
   *     row.headline = row.title
   *     delete row.title
   *   }
   * }
   */
  readonly migrateOutbox?: MigrateOutbox
  /** Starts by itself. Default true. */
  readonly autoStart?: boolean
}

/** `staleness` with its defaults; `revalidates`: what is stale is pulled. */
export interface Staleness extends Lifetimes {
  readonly revalidates: boolean
}

/** The config with every default filled in. */
export interface Configured {
  readonly config: SyncConfig
  readonly settings: Settings
  readonly interval: number
  readonly onOnline: boolean
  readonly onVisibilityChange: boolean
  readonly debounce: number
  readonly conflicts: ConflictOptions
  readonly verify: Verify
  readonly staleness: Staleness
  readonly observability: {
    readonly enabled: boolean
    readonly metricsInterval: number
    readonly health: HealthThresholds
  }
  readonly initialUpload: boolean
  readonly autoStart: boolean
}

/**
 * Checks a config and fills in every default.
 * @throws SyncError `bad-config` naming the path and what belongs there
 */
export function configure(config: SyncConfig): Configured {
  checkConfig(config)
  if (typeof config.baseUrl !== 'string') throw badOption('baseUrl', 'a text')
  if (Boolean(config.routes) === Boolean(config.protocol))
    throw new SyncError('bad-config', { what: 'give either routes or protocol' })
  const { sync = {}, errors = {}, conflicts = {}, staleness = {}, observability = {} } = config
  const { push = {}, pull = {} } = sync
  return {
    config,
    settings: {
      concurrency: push.concurrency ?? 3,
      batchSize: push.batchSize ?? 10,
      maxRetries: errors.maxRetries ?? 5,
      retryDelay: errors.retryDelay ?? doublingDelay,
      requestTimeout,
      keyTtl: 24 * 3600_000,
      lagWindow: 10 * 60_000,
      lookTimeout: push.lookTimeout ?? 300_000,
      maxDeleteRatio: push.maxDeleteRatio ?? 0.5,
      pageSize: pull.pageSize ?? 500,
      maxPages: pull.maxPages ?? 1000,
      pageDelay: pull.pageDelay ?? 0,
      marks: observability.marks ?? false,
    },
    interval: sync.interval ?? 30_000,
    onOnline: sync.onOnline ?? true,
    onVisibilityChange: sync.onVisibilityChange ?? true,
    debounce: push.debounce ?? 0,
    conflicts,
    verify: push.verify ?? 'pull',
    observability: {
      enabled: observability.enabled ?? true,
      metricsInterval: observability.metricsInterval ?? 30_000,
      health: withDefaults(observability.health),
    },
    staleness: {
      ttl: staleness.ttl ?? Number.POSITIVE_INFINITY,
      tables: staleness.tables ?? {},
      revalidates: staleness.staleWhileRevalidate ?? true,
    },
    initialUpload: config.initialUpload ?? false,
    autoStart: config.autoStart ?? true,
  }
}
