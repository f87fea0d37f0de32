import type { Conflict } from '../model/held'
import type { SyncStatus } from '../model/status'
import type { Storage } from '../storage/transaction'

/** What waits, and what is held for a person. */
export type Counts = Pick<SyncStatus, 'pending' | 'deadLetters' | 'conflicts'>

/** Counts dead letters and parked conflicts. */
export function countHeld(storage: Storage): Promise<Omit<Counts, 'pending'>> {
  return storage.read(['_sync_letters', '_sync_conflicts'], async (tx) => ({
    deadLetters: await tx.count('_sync_letters'),
    conflicts: (await tx.scan<Conflict>('_sync_conflicts')).filter(({ state }) => state === 'parked').length,
  }))
}
