import Dexie from 'dexie'
import { isSyncError, SyncError } from '../model/error'
import type { Reason } from '../model/outcome'

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
 * An error of Dexie or IndexedDB as ours. Quota errors hide inside aborts (`inner`), show in the name alone, or only in
 * what the transaction was aborted for, while its requests fail with plain aborts.
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
  return names.some((name) => failures.includes(name))
    ? new SyncError('storage-failed', { cause: error })
    : error
}

/** True where the database is closed: no fault of anybody, and the status tells it. */
export function isClosed(error: unknown): boolean {
  return isSyncError(error) && error.code === 'database-closed'
}

/** Why the database failed, for events and the status. `at`: wall clock, ms. */
export function storageReason(error: unknown, at: number): Reason {
  const quota = isSyncError(error) && error.code === 'quota-exceeded'
  return { code: quota ? 'quota-exceeded' : 'storage-failed', at }
}
