import type { Environment } from '../environment'
import type { AliasMap } from '../keys/alias-map'
import type { SyncEventName, SyncEvents } from '../model/event'
import type { Reason } from '../model/outcome'
import type { Schema } from '../model/schema'
import type { SyncedTable } from '../model/table'
import type { Protocol } from '../protocol/protocol'
import type { Storage } from '../storage/transaction'
import type { Clock } from './clock'
import type { Existing } from './existing'
import type { Origin } from './origin'
import type { Outbox } from './outbox'

/** The numbers a term goes by, from the config. Times in ms. */
export interface Settings {
  readonly concurrency: number
  readonly batchSize: number
  readonly maxRetries: number
  readonly retryDelay: (attempt: number) => number
  readonly requestTimeout: number
  readonly keyTtl: number
  readonly lagWindow: number
  readonly lookTimeout: number
  readonly maxDeleteRatio: number
  readonly pageSize: number
  readonly maxPages: number
  readonly pageDelay: number
  /** Work is shown on the page's timeline. */
  readonly marks: boolean
}

/** What push and pull work with while this tab leads: one term of leadership, from election to hand-over. */
export interface Term {
  readonly epoch: number
  /** The leader before was overtaken, not gone: a request of its own may still be on its way. */
  readonly stolen: boolean
  readonly env: Environment
  readonly storage: Storage
  readonly outbox: Outbox
  readonly clock: Clock
  readonly schema: Schema
  readonly protocol: Protocol
  readonly tables: ReadonlyMap<string, SyncedTable>
  readonly aliases: AliasMap
  readonly origin: Origin
  /** Rows that were here before sync and that the server has not confirmed. */
  readonly existing: Existing
  readonly settings: Settings
  /** Aborts when the term is over: requests on their way are given up, the next leader sends them again. */
  readonly over: AbortSignal
  /** True when nothing new may be sent or asked for: stopping, paused, waiting for a login, or somebody else is logged in. */
  halted(): boolean
  /** True while who is logged in is whose data the database holds (I11). */
  ours(): boolean
  /** A person has paused this table: nothing of it is sent. */
  isPaused(table: string): boolean
  /** Why nothing goes on at the moment; undefined = all is well. */
  trouble(): Reason | undefined
  /** The login is missing: nothing goes until there is one. */
  authRequired(reason: Reason): void
  emit<N extends SyncEventName>(name: N, data: SyncEvents[N]): void
}
