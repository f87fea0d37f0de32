import { isSyncError } from '../../src/model/error'
import type { Struck } from './struck'

/** Faults after which transactions of their devices fail. */
export const storageFaults = ['quota-write', 'quota-page', 'lose-connection', 'upgrade'] as const

const names = ['QuotaExceededError', 'AbortError', 'DatabaseClosedError', 'InvalidStateError', 'UnknownError']
const codes = ['quota-exceeded', 'storage-failed', 'database-closed', 'capture-failed']

/** A page that was asked for from a checkpoint which somebody has removed since. */
export function isOfLostCheckpoint(error: unknown, struck: Struck): boolean {
  return struck.has('lose-checkpoints') && (error as StorageError | null)?.name === 'PageOutdated'
}

/** True for what the app may be told, and the library may report, once the storage of a device has failed. */
export function isOfStorage(error: unknown, struck: Struck): boolean {
  if (!storageFaults.some((fault) => struck.has(fault))) return false
  if (isSyncError(error)) return codes.includes(error.code)
  const { name, inner, failures = [] } = (error ?? {}) as StorageError
  return [name, inner?.name, ...failures.map((one) => one.name)].some((one) => names.includes(String(one)))
}

interface StorageError {
  readonly name?: string
  readonly inner?: { readonly name?: string }
  /** What became of the rows of a call for many. */
  readonly failures?: readonly { readonly name?: string }[]
}
