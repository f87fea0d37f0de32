import { errorTexts, isSyncError, SyncError, type SyncErrorCode } from '../model/error'
import { isCount, isObject, isShort, maybe } from './shape'

/** A SyncError on its way to another tab. `what` is what its message says beyond its code. */
export interface WireError {
  readonly code: SyncErrorCode
  readonly what?: string
  readonly status?: number
  readonly retryAfter?: number
  readonly table?: string
}

/** An error in the form it goes to another tab in. Errors that are not ours keep only their name. */
export function toWire(error: unknown): WireError {
  if (!isSyncError(error)) {
    return { code: 'storage-failed', what: error instanceof Error ? error.name : typeof error }
  }
  const { code, status, retryAfter, table } = error
  const what = whatOf(error)
  return {
    code,
    ...(what === undefined ? {} : { what }),
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(table === undefined ? {} : { table }),
  }
}

/** The error again, in the tab that asked. */
export function fromWire({ code, ...details }: WireError): SyncError {
  return new SyncError(code, details)
}

/** What the message says between the text of the code and its fix. */
function whatOf({ code, message }: SyncError): string | undefined {
  const text = errorTexts[code]
  const [start, end] = [`${text.message}: `, `. Fix: ${text.fix}`]
  return message.startsWith(start) && message.endsWith(end)
    ? message.slice(start.length, -end.length)
    : undefined
}

/** True for an error as another tab may send it. */
export function isWireError(error: unknown): boolean {
  return (
    isObject(error) &&
    typeof error.code === 'string' &&
    Object.hasOwn(errorTexts, error.code) &&
    maybe(error.what, isShort) &&
    maybe(error.status, isCount) &&
    maybe(error.retryAfter, isCount) &&
    maybe(error.table, isShort)
  )
}
