import type { ChangeKind, Key, Row } from './change'
import type { EntryRef } from './entry'
import type { SyncErrorCode } from './error'
import type { Reason } from './outcome'

/** A change the server refused. It stays in the outbox until it is retried, edited or discarded. */
export interface DeadLetter {
  readonly id: string
  readonly table: string
  readonly key: Key
  readonly kind: ChangeKind
  readonly reason: Reason
  /** Answered failures it spent. */
  readonly attempts: number
  /** When it was first sent, and when it was given up, ms. */
  readonly firstSentAt: number
  readonly at: number
  readonly entries: readonly EntryRef[]
  /** It may have arrived all the same: sent again, it leaves under its old key first, so that nothing is made twice. */
  readonly inDoubt?: true
}

/**
 * A conflict: parked for a person, or decided by a policy and kept so that nothing goes unseen (I9).
 * Holds rows; never leaves the device.
 */
export interface Conflict {
  readonly id: string
  readonly table: string
  /** Absent for a mass deletion, which is about many rows. */
  readonly key?: Key
  readonly code: SyncErrorCode
  readonly state: 'parked' | 'decided'
  readonly decision?: 'local' | 'remote' | 'merged'
  readonly fields: readonly string[]
  readonly base?: Row | null
  readonly local?: Row | null
  readonly remote?: Row | null
  readonly entries: readonly EntryRef[]
  readonly at: number
}
