import type { Key, Row } from '../model/change'
import type { Page } from '../model/checkpoint'
import type { FenceItem, FrozenRequest } from '../model/entry'
import type { Outcome, Reason } from '../model/outcome'
import type { SyncedTable } from '../model/table'

/**
 * The seam: all the engine knows of a backend, and all a backend's language knows of the engine (`DESIGN` 6).
 * A protocol turns changes into requests and answers into outcomes and pages. It never sees Dexie, attempts, time or
 * tabs; it keeps no state between calls but configuration.
 */
export interface Protocol {
  /** Which half of a cycle comes first. Push-first protocols look at a table where {@link SyncedTable.verify} says so. */
  readonly order: 'push-first' | 'pull-first'
  readonly tables: readonly SyncedTable[]
  /** What is pulled together under one checkpoint, in this order. */
  readonly scopes: readonly PullScope[]
  /** How many records one request carries, and whether they are taken together or one by one. */
  readonly batch: Batch
  /**
   * Turns what is about to leave into bytes, which never change again. May run user code: runs outside transactions
   * and may throw, which holds back these items alone. When `signal` aborts nothing of it goes on.
   */
  freeze(items: readonly FenceItem[], id: string, signal: AbortSignal): FrozenRequest | Promise<FrozenRequest>
  /** True where the server itself refuses the request if the record changed meanwhile: no look is needed before. */
  guarded(item: FenceItem): boolean
  /** Sends exactly these bytes and says what became of each item, in their order. Never throws for what a server does. */
  push(request: FrozenRequest, items: readonly FenceItem[], call: PushCall): Promise<readonly Outcome[]>
  /** Fetches the page behind a checkpoint (undefined: from the start). */
  pull(scope: PullScope, checkpoint: unknown, call: PullCall): Promise<PullAnswer>
  /** Reads one record as it is now; null = it does not exist. Absent where no route can. */
  readonly read?: (table: string, key: Key, call: Call) => Promise<ReadAnswer>
  /** Whether `read` can be had for a table. */
  canRead(table: string): boolean
  /** The login its requests are sent with. Absent: none is needed, or a call of the app tells when it is back. */
  readonly login?: Login
}

/** What the engine asks of a login; never the credentials themselves. */
export interface Login {
  /** A cycle begins: whether the login still holds is to be asked anew. */
  begin(): void
  /**
   * Whether a login that was missing may be back, found out without a request; `moved`: the person or the connection
   * has just come back. Never throws, and takes no longer than its deadline.
   */
  mayBeBack(moved: boolean, signal: AbortSignal): Promise<boolean>
}

export interface PullScope {
  readonly name: string
  readonly tables: readonly string[]
}

export type Batch =
  | { readonly mode: 'one' }
  | { readonly mode: 'many' | 'all-or-nothing'; readonly size: number }

export interface Call {
  readonly signal: AbortSignal
}

export interface PushCall extends Call {
  /** The Idempotency-Key. */
  readonly id: string
  /** The server has just failed: this is a probe, to be sent once and not repeated. */
  readonly probe: boolean
}

export interface PullCall extends Call {
  /** Rows per page. */
  readonly limit: number
  /** ms since the checkpoint last moved, for protocols that ask an overlap again for some time. */
  readonly sinceMoved: number
  /** Whether a request may leave now, to be asked before each; where not, the pull fails as `stopped`. */
  mayAsk(): boolean
}

/** What a pull brings: a page, or why there is none. `pause`: ms the origin is to be left alone. */
export type PullAnswer =
  | { readonly kind: 'page'; readonly page: Page }
  | { readonly kind: 'failed'; readonly reason: Reason; readonly pause?: number }

export type ReadAnswer =
  | { readonly kind: 'row'; readonly row: Row | null; readonly etag?: string }
  | { readonly kind: 'failed'; readonly reason: Reason; readonly pause?: number }
