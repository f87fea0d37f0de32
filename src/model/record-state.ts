import type { Key, Row } from './change'
import type { EntryRef } from './entry'

/**
 * The one row of state of a record that has entries (decision 3). When the last entry settles it shrinks to a
 * receipt (`floor` or `tombstone`, `settledAt`) and goes after the lag window.
 */
export interface RecordState {
  readonly table: string
  readonly key: Key
  /** The server's row the waiting changes stand on. Absent: `before` of the oldest waiting change. Null: it has none. */
  readonly base?: Row | null
  /** A row that was made here and sent, and may be at the server: its key is too old to ask for the answer again. */
  readonly sent?: Row
  /**
   * A server row that arrived while something was on its way; null = deleted there, `wasThere` after it had arrived;
   * `deletedAt`: the order value of the deletion, where the server told it.
   */
  readonly incoming?: { readonly row: Row | null; readonly wasThere?: true; readonly deletedAt?: unknown }
  /** Order value (version or checkpoint field) below which a pulled row is old (I8). */
  readonly floor?: unknown
  /** The order value in the row is the app's own: the server has taken the row and not told its own yet. */
  readonly untold?: true
  /** The server confirmed a deletion. */
  readonly tombstone?: true
  readonly etag?: string
  /** Id of the conflict a row without entries is parked under: it stays as it is until a person decides. */
  readonly parked?: string
  /** How often the server has answered "conflict" in a row: resolvers that never agree end with a person (FAULTS H6). */
  readonly rounds?: number
  /** Set on receipts: when the last entry settled, ms. */
  readonly settledAt?: number
  /** Set where entries wait: when the server last accepted one, ms. */
  readonly acceptedAt?: number
  /** Changes on their way that a person has given up: they settle first (decision 13). */
  readonly discard?: readonly EntryRef[]
  /** How the changes ended that ended last, where the server did not accept them. */
  readonly ended?: { readonly outcome: EndedOutcome; readonly at: number }
}

/** An end without an acceptance: see `whenPushed`. */
export type EndedOutcome = 'coalesced' | 'discarded' | 'overruled'
