import Dexie from 'dexie'
import { isSyncError, SyncError } from '../model/error'

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

/** An error of Dexie or IndexedDB as ours. Quota errors hide inside aborts (`inner`), or show in the name alone. */
export function storageError(error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'SyncError') return error
  const inner = (error as { inner?: unknown }).inner
  const names = [
    error.name,
    inner instanceof Error || inner instanceof Dexie.DexieError ? (inner as Error).name : '',
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
