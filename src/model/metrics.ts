import type { SyncErrorCode, SyncErrorType } from './error'

/**
 * What sync has done and how it stands: what `getMetrics()` answers and the `metrics` event carries, the same in every
 * tab. Times are wall clock in ms, durations in ms, sizes in bytes. Counts begin at `since` and go on while any tab of
 * the app is open. Holds no row contents and no keys.
 */
export interface SyncMetrics {
  /** When these numbers were taken. */
  readonly at: number
  /** When counting began: the first tab was opened. */
  readonly since: number
  readonly queue: {
    /** Changes waiting or on their way; those held for a person are not counted. */
    readonly depth: number
    /** How long ago the oldest of them was made; 0 where none waits. */
    readonly oldestAge: number
    /** What an accepted change took on the average, from the begin of the push that sent it; 0 before the first. */
    readonly meanProcessingTime: number
  }
  readonly sync: {
    /** Of the last whole cycle. Absent before the first. */
    readonly lastStart?: number
    readonly lastEnd?: number
    readonly lastDuration?: number
    /** Whole cycles, runs that push and runs that pull tables, those that failed included. */
    readonly syncs: number
    readonly pushes: number
    readonly pulls: number
    /** Changes the server accepted, rows and deletions applied here, conflicts met. */
    readonly pushed: number
    readonly pulled: number
    readonly conflicts: number
  }
  readonly errors: {
    /** Failed runs, and changes that failed. */
    readonly total: number
    readonly byType: Readonly<Partial<Record<SyncErrorType, number>>>
    readonly byCode: Readonly<Partial<Record<SyncErrorCode, number>>>
    /** Changes the server refused, as they are held now. */
    readonly deadLetters: number
    readonly deadLettersByCode: Readonly<Partial<Record<SyncErrorCode, number>>>
  }
  readonly network: {
    /** Requests that left, quick repeats included. */
    readonly requests: number
    /** Those nobody answered. */
    readonly failed: number
    /** Bytes of the bodies, as sent and as read after decompression. */
    readonly bytesUp: number
    readonly bytesDown: number
    /** From leaving to the last byte of the answer, of answered requests; 0 before the first. */
    readonly meanLatency: number
  }
  readonly data: {
    /** Rows of each synced table. */
    readonly rows: Readonly<Record<string, number>>
    /** Pulled rows that could not be applied and were set aside. */
    readonly quarantined: number
    /** Conflicts parked for a person. */
    readonly parked: number
    /** Of this origin, by all its databases, and what the browser allows it. Absent where the browser does not say. */
    readonly storageUsed?: number
    readonly storageQuota?: number
  }
}
