import type { AliasMap } from '../keys/alias-map'
import type { Checkpoint } from '../model/checkpoint'
import type { StoredIdentity } from '../model/identity'
import type { ClockMemory } from '../model/stamp'
import { readAliases } from '../outbox/ledger'
import { readIdentity } from '../outbox/stored-identity'
import type { PullScope } from '../protocol/protocol'
import { hasPulledAll } from '../pull/checkpoints'
import type { PulledAt } from '../status/freshness'
import type { Storage } from '../storage/transaction'
import type { StoredFreshness } from './freshness'
import { type Pause, readPause } from './pause'
import type { StoredSynced } from './synced-memory'

/** What the database remembers and every tab must know: read when a tab joins, and when it begins to lead. */
export interface Memory {
  readonly pause: Pause
  readonly identity: StoredIdentity
  /** Every scope has once been pulled to its end. */
  readonly hasSynced: boolean
  /** When a whole cycle last succeeded, ms; 0 = never. */
  readonly syncedAt: number
  readonly pulledAt: PulledAt
  readonly clock: ClockMemory | undefined
}

/** Reads it, and renews this tab's aliases. */
export function readMemory(
  storage: Storage,
  aliases: AliasMap,
  scopes: readonly PullScope[],
): Promise<Memory> {
  return storage.read(['_sync_meta', '_sync_aliases', '_sync_checkpoints'], async (tx) => {
    await readAliases(tx, aliases)
    const synced = await tx.get<StoredSynced>('_sync_meta', 'synced')
    const hasSynced = hasPulledAll(scopes, await tx.scan<Checkpoint>('_sync_checkpoints'))
    const identity = await readIdentity(tx)
    const clock = await tx.get<ClockMemory>('_sync_meta', 'clock')
    const { pulledAt = {} } = (await tx.get<StoredFreshness>('_sync_meta', 'freshness')) ?? {}
    return { pause: await readPause(tx), identity, hasSynced, syncedAt: synced?.at ?? 0, pulledAt, clock }
  })
}
