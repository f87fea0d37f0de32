import type { Dexie } from 'dexie'
import type { Configured } from '../config'
import type { Environment } from '../environment'
import type { AliasMap } from '../keys/alias-map'
import type { Schema } from '../model/schema'
import type { SyncedTable } from '../model/table'
import type { Clock } from '../outbox/clock'
import type { Protocol } from '../protocol/protocol'
import type { Storage } from '../storage/transaction'
import type { Identity } from './identity'

/** What a tab is made of. */
export interface TabParts {
  readonly db: Dexie
  readonly env: Environment
  readonly configured: Configured
  readonly protocol: Protocol
  readonly tables: ReadonlyMap<string, SyncedTable>
  readonly storage: Storage
  readonly aliases: AliasMap
  readonly clock: Clock
  readonly schema: Schema
  readonly identity: Identity
}
