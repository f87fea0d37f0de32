import type { Configured } from '../config'
import type { Environment } from '../environment'
import type { AliasMap } from '../keys/alias-map'
import type { SyncEventName, SyncEvents } from '../model/event'
import type { Schema } from '../model/schema'
import type { Clock } from '../outbox/clock'
import type { Protocol } from '../protocol/protocol'
import type { VanishMarker } from '../storage/marker'
import type { Storage } from '../storage/transaction'
import type { Counts } from './counts'
import type { Freshness } from './freshness'
import type { Identity } from './identity'

/** What an office is made of. */
export interface OfficeParts {
  readonly env: Environment
  readonly configured: Configured
  readonly protocol: Protocol
  readonly storage: Storage
  readonly aliases: AliasMap
  readonly clock: Clock
  readonly identity: Identity
  readonly marker: VanishMarker
  readonly schema: Schema
  readonly emit: <N extends SyncEventName>(name: N, data: SyncEvents[N]) => void
  /** What the leader knows of the queue, told to every tab. */
  readonly tellCounts: (counts: Counts) => void
  readonly tellSynced: (hasSynced: boolean) => void
  /** Everything is paused, or a table. */
  readonly isPaused: (table?: string) => boolean
  readonly freshness: Freshness
  readonly report: (error: unknown) => void
}
