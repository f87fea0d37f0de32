import type { SyncErrorCode } from '../model/error'
import type { SyncStatus } from '../model/status'

/** Why calls are refused in a tab that has not joined the others. */
export function stoppedCode({ state }: Pick<SyncStatus, 'state'>): SyncErrorCode {
  if (state === 'storage-failed') return state
  return state === 'closed' ? 'database-closed' : 'stopped'
}
