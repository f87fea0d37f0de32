import type { ChangeKind, Key, Row } from '../../model/change'
import type { ConflictOptions } from '../../model/conflict-rules'
import type { RateLimit } from '../../model/rate-limit'
import type { Verify } from '../../model/table'

/**
 * Data whose shape only the app and its backend know: an answer as `JSON.parse` returns it, a row as the app typed it.
 * Functions of a route may annotate it with their own types.
 */
export type Untyped = ReturnType<JSON['parse']>

/** How each synced table talks to the backend. Names are those of `db.version().stores()`. */
export type Routes = Readonly<Record<string, Route>>

/** One table: how its changes are sent, and how the server's are fetched. */
export interface Route {
  /** How local changes are sent. `false` or absent: the table is only pulled. */
  readonly push?: PushRoutes | false
  /** How the server's changes are fetched. Absent: the table is only pushed. */
  readonly pull?: PullRoute
  /** How one record is read; needed for `verify: 'get'` and to find out what became of a lost answer. */
  readonly read?: ReadRoute
  /**
   * Who makes primary keys. `server`: new rows carry a temporary key until the server answers with theirs. `client`:
   * the app makes keys that are unique everywhere, such as UUIDs. Default: `server` where the key auto-increments.
   */
  readonly key?: 'server' | 'client'
  /** The field with the server's version of a row: a number or time that grows with each change of the row. */
  readonly version?: string
  /**
   * Fields the server owns: they are not sent and make no conflicts. Default: `version`, the field of the checkpoint,
   * `updatedAt` and `updated_at`. An empty list makes them ordinary.
   */
  readonly serverFields?: readonly string[]
  /** How conflicts of this table are settled; what is absent is as in `conflicts` of the configuration. */
  readonly conflicts?: ConflictOptions
}

export interface PushRoutes {
  readonly create?: CreateRoute
  readonly update?: UpdateRoute
  readonly delete?: DeleteRoute
  /**
   * How an update or delete looks at the server's row before it leaves, so that no other device's change is
   * overwritten unseen: `pull` the table first (default), `get` the row, or `none`.
   */
  readonly verify?: Verify
  /**
   * At most so many requests with changes of this table in any stretch of `per` ms, as in `{ requests: 10, per: 1000 }`.
   * Those over it wait; waiting spends no attempt and holds no other table up. A request that fails is then not
   * repeated at once. Counted by the tab that leads, anew when another takes over. Default: no limit.
   */
  readonly rateLimit?: RateLimit
}

/** What all three kinds of change have in common. */
interface PushRoute {
  /**
   * Address under `baseUrl`: a template, or a function. In a template `:name` is that field of the row and `:key` the
   * primary key, each encoded; a compound key takes one segment per part.
   */
  readonly url: string | RowFunction<string>
  /** What is sent, as JSON. Runs before the change leaves; what it answers is sent on every try. */
  readonly body?: RowFunction<unknown>
  /** Further headers. They are stored with the waiting request, so credentials belong in `auth.getHeaders`. */
  readonly headers?: Readonly<Record<string, string>> | RowFunction<Readonly<Record<string, string>>>
  /** The server's row in an answer; undefined where it holds none. Default: the answer, or its `data`, `item` or `result`. */
  mapResponse?(response: Untyped, item: Untyped): unknown
}

export interface CreateRoute extends PushRoute {
  /** Default `POST`. */
  readonly method?: 'POST' | 'PUT' | 'PATCH'
  /**
   * What happens to a create whose answer was lost: `resend` it with the same Idempotency-Key (default), or `park` it
   * for a person, for backends that would make a second record.
   */
  readonly onUnknown?: 'resend' | 'park'
}

export interface UpdateRoute extends PushRoute {
  /** `PATCH` sends the changed fields (default), the others the whole row. */
  readonly method?: 'PATCH' | 'PUT' | 'POST'
}

export interface DeleteRoute extends PushRoute {
  /** Default `DELETE`. The body is empty unless `body` makes one. */
  readonly method?: 'DELETE' | 'POST' | 'PUT' | 'PATCH'
}

/** Answers from a row. May be async; it has 10 s. What it throws holds back this change alone. */
export type RowFunction<T> = (item: Untyped, change: RouteChange) => T | Promise<T>

/** What changed, for functions of a push route. */
export interface RouteChange {
  readonly kind: ChangeKind
  /** The primary key; undefined for a create in a table whose keys the server makes. */
  readonly key: Key | undefined
  /** Fields with other values than the server last confirmed; removed ones as null. For a create: the whole row. */
  readonly changes: Row
  /** The server's last known row; null for a create. */
  readonly base: Row | null
}

export interface ReadRoute {
  /** As for a push; the row holds the key alone. */
  readonly url: string | ((item: Untyped) => string | Promise<string>)
  /** The row in an answer. Default: the answer, or its `data`, `item` or `result`. */
  mapResponse?(response: Untyped): unknown
}

export interface PullRoute {
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST'
  readonly url: string | ((context: PullContext) => string | Promise<string>)
  /** Parameters of the address. Undefined and null ones are left out. Joined to those of `checkpoint`, and wins. */
  readonly query?: Query | ((context: PullContext) => Query | Promise<Query>)
  readonly headers?:
    | Readonly<Record<string, string>>
    | ((context: PullContext) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>)
  /**
   * The rows in an answer, or `{ rows, deleted, checkpoint, hasMore }`. Default: the answer, or its `data`, `items`,
   * `rows` or `results`, with `deleted`, `hasMore` and the cursor beside it.
   */
  mapResponse?(response: Untyped, context: PullContext): unknown
  /** How the backend says what is new. Absent: `query` and `onComplete` do it with the context's checkpoints. */
  readonly checkpoint?: CheckpointRoute
  /**
   * What marks a row as deleted: fields, of which one is truthy, or a function. `false`: nothing does. Default:
   * `deleted_at`, `deletedAt`, `_deleted`.
   */
  readonly tombstone?: string | readonly string[] | false | ((row: Untyped) => boolean)
  /** Called with each answer, to set checkpoints. They are stored together with the rows, or not at all. */
  onComplete?(response: Untyped, context: PullContext): unknown
}

export type Query = Readonly<Record<string, string | number | boolean | Date | null | undefined>>

/** What functions of a pull route are told. */
export interface PullContext {
  readonly table: string
  /** Rows wanted in one page. */
  readonly limit: number
  /** What `mapResponse` last answered as `checkpoint`, or the cursor; undefined at first. */
  readonly checkpoint: Untyped
  /** A value set with {@link PullContext.setCheckpoint} of the same table; undefined at first. */
  getCheckpoint(name: string): Promise<Untyped>
  /**
   * Keeps a value: JSON data of at most 4 kB. It becomes true when the page is stored. `NaN`, infinite and
   * smaller numbers than before are ignored, with a warning.
   */
  setCheckpoint(name: string, value: unknown): Promise<void>
}

/** How a backend says what is new since the last page. */
export type CheckpointRoute = KeysetCheckpoint | VersionCheckpoint | CursorCheckpoint

/** By the time of a row's last change. Both "after" and "since" (`>` and `>=`) will do. */
export interface KeysetCheckpoint {
  readonly type: 'keyset'
  /** The field with the time: ISO text or ms. Of several, the first a row has. */
  readonly field: string | readonly string[]
  /** A second field that orders rows of one time, where the backend takes it as a parameter. */
  readonly key?: string
  /**
   * ms that are asked again for rows which were stamped earlier than they can be seen: by a long transaction, a clock
   * that went back, a replica that lags, all together. Default 10,000. Ends when it has passed since the last change.
   */
  readonly overlap?: number
  /** Parameter for the time. Default `updated_after`. */
  readonly param?: string
  /** Parameter for `key`. Default `after_id`. */
  readonly keyParam?: string
  /** Parameter for rows per page. Default `limit`. */
  readonly limitParam?: string
}

/** By a number that grows with every change of the table, such as a sequence. */
export interface VersionCheckpoint {
  readonly type: 'version'
  readonly field: string
  /** Default `since`. */
  readonly param?: string
  /** Parameter for rows per page. Default `limit`. */
  readonly limitParam?: string
}

/** By a value that only the backend understands, at most 4 kB. */
export interface CursorCheckpoint {
  readonly type: 'cursor'
  /** Where the answer holds the next one. Default: `cursor`, `nextCursor` or `next_cursor`. Unused with `mapResponse`. */
  readonly field?: string
  /** Default `cursor`. */
  readonly param?: string
  /** Parameter for rows per page. Default `limit`. */
  readonly limitParam?: string
}

/** Types routes where they are written. They are checked by `startSync`. */
export function defineRoutes<const R extends Routes>(routes: R): R {
  return routes
}
