import type { ConflictRules } from './conflict-rules'
import type { RateLimit } from './rate-limit'

/** How a change is looked at before it leaves, where no precondition protects it (`DESIGN` 6). */
export type Verify = 'pull' | 'get' | 'none'

/** What the engine must know of a synced table; everything else is the protocol's business. */
export interface SyncedTable {
  readonly name: string
  readonly keyPath: KeyPath
  /** Who makes primary keys. `server`: rows made here carry a temporary key until the server answers. */
  readonly keys: 'server' | 'client'
  /** Changes are sent. */
  readonly push: boolean
  /** Changes are fetched, in this pull scope. */
  readonly pull?: string
  readonly verify: Verify
  /** Fields that are the server's (decision 8): captured, but no edits. */
  readonly serverFields: readonly string[]
  /** The field whose value orders the server's rows of one record (I8); absent = they have no order. */
  readonly orderField?: string
  /** What happens to a create whose answer was lost; absent = `resend`, with the same Idempotency-Key. */
  readonly onUnknown?: 'resend' | 'park'
  /** How fast its changes may be sent; absent = as fast as they can. */
  readonly rateLimit?: RateLimit
  /** How conflicts of its rows are settled. */
  readonly conflicts: ConflictRules
}

/** The field that holds the primary key, or null for a table whose keys are outside its rows. */
export type KeyPath = string | readonly string[] | null
