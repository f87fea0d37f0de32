import type { Reason } from './outcome'

/**
 * Where the engine stands, the same in every tab.
 *
 * - `stopped`: not started, or stopped in this tab.
 * - `starting`: opening the database.
 * - `idle`: everything it could do is done.
 * - `syncing`: pushing or pulling.
 * - `offline`: waiting for a connection, or for a server that does not answer.
 * - `auth-required`: waiting for a login.
 * - `identity-changed`: the database holds the data of somebody else than who is logged in.
 * - `outdated`: newer code of the app has changed the shape of the rows (`migrateOutbox`). This tab keeps what is written
 *   and neither sends nor pulls; a tab on newer code does. Reload the page.
 * - `paused`: by `pause()`, kept over reloads.
 * - `closed`: the app closed or deleted the database, or another tab needs it closed (delete, newer version). Goes on
 *   when the app opens it again, or at `start()`.
 * - `storage-failed`: the database cannot be opened or its connection was lost; `error` says why. Opened again by
 *   itself, five times within 31 s; then when the app opens it, or at `start()`.
 * - `unavailable`: no IndexedDB here.
 */
export type SyncState =
  | 'stopped'
  | 'starting'
  | 'idle'
  | 'syncing'
  | 'offline'
  | 'auth-required'
  | 'identity-changed'
  | 'outdated'
  | 'paused'
  | 'closed'
  | 'storage-failed'
  | 'unavailable'

/** What `getStatus()` and `getSnapshot()` answer: one immutable value, the same object while nothing changed. */
export interface SyncStatus {
  readonly state: SyncState
  readonly online: boolean
  readonly pushing: boolean
  readonly pulling: boolean
  /** This tab is the one that talks to the server. */
  readonly leader: boolean
  /** Changes waiting or on their way. */
  readonly pending: number
  readonly deadLetters: number
  /** Conflicts parked for a person. */
  readonly conflicts: number
  /** Tables paused by `pauseTable()`, kept over reloads. */
  readonly pausedTables: readonly string[]
  /** Every pulled table has once been pulled to its end. */
  readonly hasSynced: boolean
  /** Wall clock, ms. */
  readonly lastSyncedAt?: number
  readonly progress?: {
    readonly phase: 'pull' | 'push'
    readonly table?: string
    readonly done: number
    readonly total?: number
  }
  readonly error?: Reason
}
