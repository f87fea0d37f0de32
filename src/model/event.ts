import type { Key } from './change'
import type { SyncMetrics } from './metrics'
import type { Reason } from './outcome'

/** What one push or pull did. */
export interface SyncCounts {
  /** Changes the server accepted. */
  readonly pushed: number
  /** Rows and deletions that were applied here. */
  readonly pulled: number
  readonly conflicts: number
  /** Changes that became dead letters. */
  readonly failed: number
}

/** What `sync()`, `push()` and `pull()` resolve with. Duration in ms. */
export interface SyncResult extends SyncCounts {
  readonly duration: number
  /** Why it did not reach its end, where it did not. */
  readonly reason?: Reason
}

/** What the pull of tables that are fetched together did. */
export interface PullResult extends SyncResult {
  readonly tables: readonly string[]
  /** It reached the end: everything the server had is here. */
  readonly complete: boolean
}

/** Every event with what it carries. None carries row contents. Heard in every tab. */
export interface SyncEvents {
  'sync-start': Record<never, never>
  'sync-complete': SyncResult
  'sync-error': { readonly reason: Reason }
  'push-start': { readonly waiting: number }
  'push-complete': SyncResult
  'push-error': { readonly reason: Reason; readonly table?: string; readonly key?: Key }
  'pull-start': { readonly tables: readonly string[] }
  'pull-complete': PullResult
  'pull-error': { readonly reason: Reason; readonly tables: readonly string[] }
  /**
   * A conflict was met; `decision` says how the policy settled it, or that it was parked for a person. Without `key`
   * it is about many rows: most of a table was deleted.
   */
  conflict: {
    readonly id: string
    readonly table: string
    readonly key?: Key
    readonly fields: readonly string[]
    readonly decision: 'local' | 'remote' | 'merged' | 'parked'
  }
  'dead-letter': { readonly id: string; readonly table: string; readonly key: Key; readonly reason: Reason }
  /** The server's key replaced a temporary one. */
  'key-assigned': { readonly table: string; readonly temporary: Key; readonly key: Key }
  /** A create is sent again although the first answer was lost, to a server that may not honour Idempotency-Key. */
  'unconfirmed-create': { readonly table: string; readonly key: Key }
  /** A change left without the look at the server's row that protects others' changes. */
  'unverified-push': { readonly table: string; readonly key: Key }
  'auth-required': { readonly reason: Reason }
  /**
   * Somebody else is logged in than whose data the database holds: changes are kept, nothing is sent or pulled until they
   * return or `signOut()` is called. Told once each time.
   */
  'identity-changed': { readonly reason: Reason }
  /** A pulled row could not be applied and was set aside. */
  quarantine: { readonly table: string; readonly code: string; readonly count: number }
  /**
   * The local database failed: `quota-exceeded`, `storage-failed`, or `database-blocked` while another tab holds it. What
   * befell one tab's own connection is told in that tab only.
   */
  'storage-error': { readonly reason: Reason }
  /** A long pull or push moves on: rows done of `total`, where that is known. */
  progress: {
    readonly phase: 'pull' | 'push'
    readonly table?: string
    readonly done: number
    readonly total?: number
  }
  /**
   * The rows of a table have become older than `staleness.ttl`: its last pull to the end is `age` ms ago. Told once each
   * time, and again by a page that finds it so when it is opened. A table that was never pulled has not become stale.
   */
  stale: { readonly table: string; readonly age: number }
  /** Told every `observability.metricsInterval` in each tab that listens for it. */
  metrics: SyncMetrics
  'leader-change': { readonly epoch: number }
  online: Record<never, never>
  offline: Record<never, never>
}

export type SyncEventName = keyof SyncEvents

/** One event as a value: what the emitter delivers and the status folds. */
export type SyncEvent = {
  [N in SyncEventName]: { readonly name: N; readonly data: SyncEvents[N] }
}[SyncEventName]
