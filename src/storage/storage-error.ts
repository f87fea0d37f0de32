import Dexie from 'dexie'
import { isSyncError, SyncError } from '../model/error'
import type { Reason } from '../model/outcome'
import { isDeadConnection } from './reopen'

const failures = [
  'InvalidStateError',
  'UnknownError',
  'OpenFailedError',
  'NotFoundError',
  'VersionError',
  'AbortError',
  'SecurityError',
  'MissingAPIError',
]

/**
 * An error of Dexie or IndexedDB as ours. Quota errors and the end of a connection hide inside aborts (`inner`), show in the
 * name alone, or only in what the transaction was aborted for, while its requests fail with plain aborts.
 */
export function storageError(error: unknown, abortedFor?: DOMException | null): unknown {
  if (!(error instanceof Error) || error.name === 'SyncError') return error
  const inner = (error as { inner?: unknown }).inner
  const names = [
    error.name,
    inner instanceof Error || inner instanceof Dexie.DexieError ? (inner as Error).name : '',
    abortedFor?.name ?? '',
  ]
  if (names.includes('QuotaExceededError')) return new SyncError('quota-exceeded', { cause: error })
  if (names.includes('DatabaseClosedError')) return new SyncError('database-closed', { cause: error })
  if (!names.some((name) => failures.includes(name))) return error
  return new SyncError('storage-failed', { cause: isDeadConnection(abortedFor) ? abortedFor : error })
}

/** True where the database is closed, or its connection is dead: no fault of anybody here, and the status tells it. */
export function isClosed(error: unknown): boolean {
  return isSyncError(error) && (error.code === 'database-closed' || isDeadConnection(error.cause))
}

/** Why the database failed, for events and the status. `at`: wall clock, ms. */
export function storageReason(error: unknown, at: number): Reason {
  const quota = isSyncError(error) && error.code === 'quota-exceeded'
  return { code: quota ? 'quota-exceeded' : 'storage-failed', at }
}
