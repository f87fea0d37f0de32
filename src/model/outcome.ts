import type { Key, Row } from './change'
import type { SyncErrorCode } from './error'

/** Why something did not go through. Holds no row content and no token. */
export interface Reason {
  readonly code: SyncErrorCode
  readonly status?: number
  /** The server's own words, at most 1 kB, control characters removed. */
  readonly message?: string
  /** When it happened, ms. */
  readonly at: number
}

/**
 * What a protocol says of one item of a push.
 *
 * - `accepted`: applied at the server. `row` is the server's answer, where it gave one (merged over the row sent);
 *   `key` the key it made; `etag` the entity tag.
 * - `conflict`: somebody else was faster. `remote` is the server's row, null = deleted there, absent = not told.
 * - `rejected`: the server will never take it: a dead letter.
 * - `retry`: provably not applied. `spends` says whether the entry spends an attempt; `pause` (ms) whether the
 *   origin is to be left alone for that long; `release` that the bytes never left.
 * - `unknown`: it may or may not have been applied: the same bytes and key again. `awaitsPull`: the request was
 *   heard, a later page acknowledges it.
 */
export type Outcome =
  | {
      readonly kind: 'accepted'
      readonly row?: Row
      readonly key?: Key
      readonly etag?: string
      /** It was sent more than once before the answer came: without Idempotency-Key it may be there twice. */
      readonly repeated?: true
      /** The record did not exist at the server any more (a delete answered 404 or 410). */
      readonly gone?: true
    }
  | {
      readonly kind: 'conflict'
      readonly remote?: Row | null
      readonly etag?: string
      readonly reason: Reason
    }
  | {
      readonly kind: 'rejected'
      readonly reason: Reason
      /** Nobody refused it: it was applied, but the answer is of no use. */
      readonly inDoubt?: true
    }
  | {
      readonly kind: 'retry'
      readonly reason: Reason
      readonly spends: boolean
      readonly pause?: number
      readonly release?: true
    }
  | {
      readonly kind: 'unknown'
      readonly reason: Reason
      readonly spends: boolean
      readonly pause?: number
      readonly awaitsPull?: true
    }
