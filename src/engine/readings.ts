import type { Conflict, DeadLetter } from '../model/held'
import { readEntries } from '../outbox/ledger'
import type { Readings } from '../status/metrics'
import type { Storage } from '../storage/transaction'

const syncTables = [
  '_sync_log',
  '_sync_progress',
  '_sync_fences',
  '_sync_meta',
  '_sync_letters',
  '_sync_conflicts',
  '_sync_quarantine',
]

/** Reads what the metrics and the health are made of, in one transaction: the whole outbox, and a count of each table. */
export function takeReadings(storage: Storage, tables: readonly string[]): Promise<Readings> {
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
    }
  })
}
