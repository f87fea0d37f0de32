import type { ChangeKind, Key, Row } from './change'
import type { Reason } from './outcome'

/** Place of one change in the log: record and position in it. */
export type EntryRef = readonly [seq: number, index: number]

/**
 * Progress of the changes of one log record, beside it, only moving forward (decision 2).
 * A change without a mark waits (or is sent, if a fence names it).
 */
export interface Progress {
  readonly seq: number
  readonly marks: Readonly<Record<number, Mark>>
}

/** Why a change waits no longer. `dead` and `parked` ones are held for a person, under the letter's or conflict's id. */
export type Mark = 'done' | { readonly held: 'dead' | 'parked'; readonly by: string }

/** What left or is about to leave, committed before its first byte (I3). Bytes and key never change again. */
export interface Fence {
  /** The Idempotency-Key. */
  readonly id: string
  readonly items: readonly FenceItem[]
  readonly request: FrozenRequest
  /** Epoch of the leader that sent it last. */
  readonly epoch: number
  /** ms; the first is what `keyTtl` is counted from. */
  readonly firstSentAt: number
  readonly sentAt: number
  /** What time it was at the server when it was first sent, ms, where that is known: the device's clock may be set. */
  readonly firstAtServer?: number
  /** It was sent, or may have been, before it was last got ready: that it did not leave now releases nothing (I3). */
  readonly resent?: true
  /** Answered failures so far, each one spent. */
  readonly attempts: number
  /** Not before this time, ms. */
  readonly dueAt: number
  readonly reason?: Reason
}

/** The changes of one record that one request carries, folded into one. */
export interface FenceItem {
  readonly table: string
  readonly key: Key
  readonly kind: ChangeKind
  readonly entries: readonly EntryRef[]
  /** The op ids folded in, oldest first. */
  readonly ops: readonly string[]
  /** The whole row as it will be at the server once accepted; null for a delete. */
  readonly row: Row | null
  /** The row the changes stand on; null for a create. */
  readonly base: Row | null
}

/** A request as data, without credentials: what a fence stores and every resend repeats byte for byte. */
export interface FrozenRequest {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}
