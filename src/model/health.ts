/**
 * What can be wrong. Codes are stable.
 *
 * - `queue-long`, `queue-old`: many changes wait, or one has waited long.
 * - `dead-letters`, `conflicts-parked`, `quarantined-rows`: something waits for a person.
 * - `offline-long`, `server-failing`: no answer of use for long.
 * - `auth-required`, `identity-changed`: nobody, or somebody else, is logged in.
 * - `outdated`: newer code has changed the shape of the rows.
 * - `never-synced`: some table was never pulled to its end.
 * - `stale`: the rows of a table are older than its `staleness.ttl`.
 * - `paused`: by `pause()`, or a table by `pauseTable()`.
 * - `no-leader`: no tab syncs.
 * - `storage-low`: the storage of this origin is nearly full. `storage-failed`: the database cannot be used.
 * - `unavailable`: there is no IndexedDB here.
 */
export type HealthCode =
  | 'queue-long'
  | 'queue-old'
  | 'dead-letters'
  | 'conflicts-parked'
  | 'quarantined-rows'
  | 'offline-long'
  | 'server-failing'
  | 'auth-required'
  | 'identity-changed'
  | 'outdated'
  | 'never-synced'
  | 'stale'
  | 'paused'
  | 'no-leader'
  | 'storage-low'
  | 'storage-failed'
  | 'unavailable'

/** One thing that is wrong. Holds no row contents. */
export interface HealthIssue {
  readonly code: HealthCode
  /** `error`: sync does not work. `warning`: it works, and somebody should look. */
  readonly severity: 'warning' | 'error'
  readonly message: string
  /** What can be done about it. */
  readonly fix: string
  /** The table it is about, where it is about one. */
  readonly table?: string
  /** How many. */
  readonly count?: number
  /** Since when, ms of the wall clock, where that is known. */
  readonly since?: number
}

/** What `healthCheck()` answers. */
export interface Health {
  /** `unhealthy` with any error, `degraded` with any warning. */
  readonly status: 'healthy' | 'degraded' | 'unhealthy'
  /** Errors first. */
  readonly issues: readonly HealthIssue[]
  /** Wall clock, ms. */
  readonly checkedAt: number
}
