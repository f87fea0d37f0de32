import { isSyncError } from '../../src/model/error'
import type { Struck } from './struck'

/** Faults after which transactions of their devices fail. */
export const storageFaults = ['quota-write', 'quota-page', 'lose-connection'] as const

// Those of many rows: no row the app makes is invalid, no key is taken.
const many = ['BulkError', 'ModifyError']
const names = [
  'QuotaExceededError',
  'AbortError',
  'DatabaseClosedError',
  'InvalidStateError',
  'UnknownError',
  ...many,
]
const codes = ['quota-exceeded', 'storage-failed', 'database-closed', 'capture-failed']

/** True for what the app may be told, and the library may report, once the storage of a device has failed. */
export function isOfStorage(error: unknown, struck: Struck): boolean {
  if (!storageFaults.some((fault) => struck.has(fault))) return false
  if (isSyncError(error)) return codes.includes(error.code)
  const { name, inner } = (error ?? {}) as { name?: string; inner?: { name?: string } }
  return names.includes(String(name)) || names.includes(String(inner?.name))
}
