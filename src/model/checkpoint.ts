import type { Key, Row } from './change'
import type { Outcome } from './outcome'

/** How far a pull scope has come. The protocol alone knows what `value` means; it must be structured-cloneable. */
export interface Checkpoint {
  /** Name of the pull scope. */
  readonly scope: string
  readonly value: unknown
  /** A resync begins a new one; pages of an older generation are discarded. */
  readonly generation: number
  /** When it last moved, ms. */
  readonly movedAt: number
  /** The highest order value applied, by table: rows at or below it are compared before they are written. */
  readonly ordered: Readonly<Record<string, unknown>>
  /** True once a first pull has reached its end. */
  readonly complete: boolean
  /** A resync goes on: at its end, rows that the server did not list are removed. */
  readonly sweep?: true
  /** A resync that met receipts is made once more after this time, ms: they may be of before the server was set back. */
  readonly again?: number
}

/** What a protocol brings home: rows, deletions, and how far that goes (I5). */
export interface Page {
  readonly changes: readonly TableChanges[]
  /** The checkpoint behind this page; absent = it does not move. */
  readonly checkpoint?: unknown
  readonly more: boolean
  /** Requests the server has dealt with by the end of this page (protocols whose pull acknowledges). */
  readonly acknowledged?: readonly Acknowledged[]
  /** Rows that cannot be applied, kept beside with the reason (FAULTS B16). */
  readonly quarantined?: readonly Quarantined[]
  /** Said once each: `not-incremental`, `checkpoint-ignored` and the like. */
  readonly warnings?: readonly string[]
  /** How many rows there are in all, where the server says so: for progress. */
  readonly total?: number
}

/** What a page says of a request that was sent before. */
export interface Acknowledged {
  /** The request's id, its Idempotency-Key. One that is not known here is passed over. */
  readonly id: string
  /** What became of each of its items, in their order; absent = all were accepted as they were sent. */
  readonly outcomes?: readonly Outcome[]
}

export interface TableChanges {
  readonly table: string
  readonly rows: readonly Row[]
  readonly deleted: readonly Key[]
  /** The order values of the deletions, in their order, where the server tells them. */
  readonly deletedAt?: readonly unknown[]
}

export interface Quarantined {
  readonly table: string
  readonly row: unknown
  readonly code: 'row-without-key' | 'row-not-object' | 'row-invalid-key'
}
