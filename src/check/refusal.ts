import type { NotCompared } from '../model/check'
import type { SyncStatus } from '../model/status'

/** Why the server is not asked about a table now; undefined = it may be. */
export function refusalOf(
  { state, pausedTables }: Pick<SyncStatus, 'state' | 'pausedTables'>,
  table: string,
): NotCompared | undefined {
  if (state === 'idle' || state === 'syncing') return pausedTables.includes(table) ? 'paused' : undefined
  if (state === 'starting') return 'stopped'
  if (state === 'closed') return 'database-closed'
  return state === 'outdated' ? 'outdated-code' : state
}
