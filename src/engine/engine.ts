import type { Key } from '../model/change'
import type { CheckOptions, CheckReport } from '../model/check'
import type { SyncEventName, SyncEvents, SyncResult } from '../model/event'
import type { Health } from '../model/health'
import type { DeadLetter } from '../model/held'
import type { SyncMetrics } from '../model/metrics'
import type { SyncStatus } from '../model/status'
import type { Conflicts } from '../outbox/conflicts'
import type { DeadLetters } from '../outbox/dead-letters'
import type { PendingChange } from '../outbox/pending'
import type { PushOutcome } from '../outbox/when-pushed'
import type { Explanation } from './explain'
import type { SignOutOptions } from './sign-out'

/**
 * The engine of one database in this tab: what `startSync` answers, and `db.sync`. Every call works in every tab;
 * those that need the server are carried out by the tab that leads.
 */
export interface SyncEngine {
  /**
   * Opens the database and joins the other tabs. Idempotent; begins anew after {@link stop}, asks for a login again that
   * was missing, and opens a database again that was closed or lost. Resolves when this tab leads or follows, offline
   * too, or when `stop()` overtakes it. While another tab blocks the database it waits, and a `storage-error` event says
   * so (`database-blocked`). Rejects with `storage-failed` when the database cannot be opened; the engine then goes on
   * when the app opens it, or at the next `start()`.
   */
  start(): Promise<void>
  /**
   * Ends sending and pulling in this tab; capture stays. Calls that wait are rejected with `stopped`. What is on its way
   * has 4 s to end, then it is given up, to be sent again with the same key. Resolves when nothing runs any more.
   */
  stop(): Promise<void>
  /** Ends sending and pulling in all tabs until {@link resume}, over reloads. Local changes are captured. */
  pause(): Promise<void>
  /** Ends {@link pause}, and every {@link pauseTable}. */
  resume(): Promise<void>
  /**
   * Ends sending and pulling of one table in all tabs until {@link resumeTable} or {@link resume}, over reloads. Its
   * changes are captured and wait; `getStatus().pausedTables` names it. Resolves when nothing of it is on its way.
   * Tables that are pulled together under one checkpoint go on being pulled until all of them are paused. Throws
   * `unknown-table`.
   */
  pauseTable(table: string): Promise<void>
  /** Ends {@link pauseTable}. Throws `unknown-table`. */
  resumeTable(table: string): Promise<void>
  /**
   * One whole cycle: what waits leaves, what is new arrives. Waits up to 10 s for `onConflict` where it is asked; what it
   * decides later leaves later. Rejects with `no-leader` after 30 s without a leader.
   */
  sync(): Promise<SyncResult>
  /** Sends what waits. */
  push(): Promise<SyncResult>
  /** Fetches what is new. */
  pull(): Promise<SyncResult>
  /** Sends what waits, then fetches what is new in one table. Throws `unknown-table`. */
  syncTable(table: string): Promise<SyncResult>
  /**
   * Takes everything of whose data the database holds off this device: the rows of all routed tables, and what sync knows
   * of them. To be called in any tab, best before the app's own logout. One transaction: a crash leaves all or nothing. Then
   * nothing is pulled until another login is here, or {@link start} or {@link sync} is called. Rows another login has made
   * meanwhile stay; what it did to rows that are gone becomes dead letters (`foreign-base`). It is about whose data this tab
   * knows of at the call: where another call was faster and it is somebody else's by now, nothing is done.
   *
   * Rejects with `unsynced-changes` (`details: { count }`) where `pending` says so, with `identity-changed` for `push`
   * while somebody else is logged in, with `bad-config` for `keep` without an identity.
   * @example
   * await sync.signOut({ pending: 'push' }).catch(() => confirm('Lose your changes?') && sync.signOut({ pending: 'discard' }))
   */
  signOut(options?: SignOutOptions): Promise<void>
  /**
   * Fetches one table, or all, from the start, and then removes the rows here that the server does not list any more:
   * revoked ones, ones that vanished without a word, ones of a server that was set back. Changes that wait stay; those on
   * a row that is gone meet its deletion as a conflict. Where the server lists nothing at all, or more than
   * `push.maxDeleteRatio` of the table (at least 20 rows) would go, the rows stay and `mass-delete` is the reason in the
   * result and in `pull-error`.
   *
   * Resolves when it is done, or, with the `reason`, when it could not be for now: it goes on by itself, over reloads. A
   * server that answers a pull with 410 begins it as well. Rows written where sync does not see them (an upgrade of the
   * schema) are removed like any other the server does not list. Throws `unknown-table`.
   */
  resync(table?: string): Promise<SyncResult>
  /** As {@link getSnapshot}. */
  getStatus(): SyncStatus
  /** Where sync stands: an immutable value, the same object while nothing changed. */
  getSnapshot(): SyncStatus
  /** Calls `listener` after each change of the status, until the answered function is called. */
  subscribe(listener: () => void): () => void
  isOnline(): boolean
  isSyncing(): boolean
  isLeader(): boolean
  /**
   * Whether the rows of a table, or of any, are older than `staleness.ttl`, or were never pulled to their end; false where
   * no `ttl` is set. Answers at once, from what this tab knows, after `stop()` too. Unless `staleWhileRevalidate` is false,
   * a stale table is pulled in the background. Throws `unknown-table`.
   */
  isStale(table?: string): boolean
  /**
   * What sync has done and how it stands: queue, cycles, errors, network, rows. The same in every tab, after `stop()` too.
   * Reads the outbox and counts the rows of each synced table. Rejects with `storage-failed` where the database cannot be read.
   */
  getMetrics(): Promise<SyncMetrics>
  /**
   * Whether sync is well, and what is wrong where it is not: each issue with a stable code and what can be done. In every
   * tab, after `stop()` too; never rejects. Thresholds: `observability.health`.
   */
  healthCheck(): Promise<Health>
  /** Changes waiting or on their way; those held for a person are not counted. */
  getQueueDepth(): Promise<number>
  /** Whether anything made here is not at the server: waiting, on its way, refused or parked. */
  hasUnsyncedChanges(): Promise<boolean>
  /** The changes that are not settled, oldest first. Observed inside `liveQuery`. */
  pending(table?: string): Promise<PendingChange[]>
  /**
   * Resolves once this device and the server hold the same: no change waits (those held for a person do not count), and
   * a whole cycle that began after this call has succeeded. Asks for one at once, then waits as long as it takes: while
   * offline, while paused (also where only a table is), while a login is missing. Rejects with `stopped` when this tab
   * stops, with `no-leader` after 30 s without a leader that knows this call.
   */
  whenInSync(): Promise<void>
  /** Resolves once every pulled table has been pulled to its end: at once where it ever was. Rejects with `stopped`. */
  whenInitialSync(): Promise<void>
  /**
   * Resolves once the changes of a row that wait at this call are settled: at once where none do. Follows the row to
   * the server's key, and its changes through retries and resolved conflicts; holds over reloads of other tabs.
   *
   * Rejects with a SyncError: `dead-letter` or `parked` when a change is held for a person (`details.id` names the
   * letter or conflict), `signed-out` when the database was wiped, `stopped` when this tab stops; `unknown-table`.
   * @example
   * const id = await db.posts.add({ title: 'Hello' })
   * const { outcome } = await sync.whenPushed('posts', id)
   */
  whenPushed(table: string, key: Key): Promise<PushOutcome>
  /**
   * Gives up every change of a row that is not settled, dead letters and parked conflicts among them: the row returns to
   * what the server has; one it never had is removed. What is on its way settles first: accepted, it stands (a row just
   * made is then deleted at the server); refused, it is gone. Does nothing where nothing waits. Throws `unknown-table`.
   */
  discard(table: string, key: Key): Promise<void>
  /**
   * Everything sync knows of one row, and what its changes wait for; in any tab. Holds rows: for the eyes of whoever may
   * see them, not for logs. Throws `unknown-table`.
   * @example
   * const { why, nextAttempt, entries } = await sync.explain('posts', id)
   */
  explain(table: string, key: Key): Promise<Explanation>
  /**
   * Looks whether what is stored fits together, in one table or all: rows against the server's rows the waiting changes
   * stand on, changes against the requests, dead letters and conflicts that speak of them. In one transaction, in any
   * tab, offline and after `stop()` too; changes nothing. Waiting, refused and parked changes are no findings. Reads the
   * whole outbox. With `server: true` the rows nobody has changed here are compared with the server's as well. Throws
   * `unknown-table`; rejects with `storage-failed` where the database cannot be read.
   * @example
   * const { ok, findings } = await sync.check()
   * if (!ok) console.warn(findings.map(({ code, table, message, fix }) => ({ code, table, message, fix })))
   */
  check(table?: string, options?: CheckOptions): Promise<CheckReport>
  /** The server's key of a row made here, or undefined while it has none. */
  resolveKey(table: string, temporaryKey: Key): Promise<Key | undefined>
  readonly deadLetters: DeadLetters
  readonly conflicts: Conflicts
  /** As `deadLetters.list()`. */
  getDeadLetters(): Promise<DeadLetter[]>
  /** As `deadLetters.retry(id)`. */
  retryDeadLetter(id: string): Promise<void>
  /**
   * Hears an event, in whichever tab it happened, until the answered function is called.
   * @example
   * sync.on('dead-letter', ({ table, reason }) => toast(`${table}: ${reason.message}`))
   */
  on<N extends SyncEventName>(name: N, listener: (data: SyncEvents[N]) => unknown): () => void
  /** As {@link on}, once. */
  once<N extends SyncEventName>(name: N, listener: (data: SyncEvents[N]) => unknown): () => void
}

declare module 'dexie' {
  interface Dexie {
    /** The engine `startSync` made for this database. */
    sync: SyncEngine
  }
}
