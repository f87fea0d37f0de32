import type { Checkpoint } from '../model/checkpoint'
import type { Conflict, DeadLetter } from '../model/held'
import type { LeaderRecord } from '../outbox/leader-check'
import { readEntries } from '../outbox/ledger'
import type { Protocol } from '../protocol/protocol'
import { hasPulledAll } from '../pull/checkpoints'
import type { Readings } from '../status/metrics'
import type { Storage } from '../storage/transaction'
import { readPause } from './pause'

const syncTables = [
  '_sync_log',
  '_sync_progress',
  '_sync_fences',
  '_sync_meta',
  '_sync_letters',
  '_sync_conflicts',
  '_sync_quarantine',
  '_sync_checkpoints',
  '_sync_leader',
]

/** Reads what the metrics and the health are made of, in one transaction: the whole outbox, and a count of each table. */
export function takeReadings(storage: Storage, protocol: Protocol): Promise<Readings> {
  const tables = protocol.tables.map(({ name }) => name)
  return storage.read([...syncTables, ...tables], async (tx) => {
    const waiting = (await readEntries(tx)).filter(({ mark }) => !mark)
    const letters = await tx.scan<DeadLetter>('_sync_letters')
    const conflicts = await tx.scan<Conflict>('_sync_conflicts')
    const rows: Record<string, number> = {}
    for (const table of tables) rows[table] = await tx.count(table)
    return {
      depth: waiting.length,
      ...(waiting.length > 0 && {
        oldest: waiting.reduce((first, { at }) => Math.min(first, at), Number.POSITIVE_INFINITY),
      }),
      letters: letters.map(({ reason }) => reason.code),
      parked: conflicts.filter(({ state }) => state === 'parked').map(({ at }) => at),
      quarantined: await tx.count('_sync_quarantine'),
      rows,
      hasSynced: hasPulledAll(protocol.scopes, await tx.scan<Checkpoint>('_sync_checkpoints')),
      heartbeat: (await tx.get<LeaderRecord>('_sync_leader', 'leader'))?.heartbeat ?? 0,
      pause: await readPause(tx),
    }
  })
}
