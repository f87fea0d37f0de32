import type { Key } from './change'

import { errorTexts, type SyncErrorCode, type SyncErrorType } from './error-texts'

export { errorTexts, type SyncErrorCode, type SyncErrorType }

/** What an error may carry besides its code. */
export interface SyncErrorDetails {
  /** What exactly, in one phrase: joined to the code's message. Never row content, never a token. */
  readonly what?: string
  readonly status?: number
  /** ms the server asked to wait. */
  readonly retryAfter?: number
  readonly table?: string
  readonly key?: Key
  readonly details?: unknown
  readonly cause?: unknown
}

/**
 * The one error class of this library. Tell errors apart by `code`, which never changes its meaning;
 * `fix` says what helps.
 */
export class SyncError extends Error {
  override readonly name = 'SyncError'
  readonly type: SyncErrorType
  readonly retryable: boolean
  readonly fix: string
  readonly status?: number
  readonly retryAfter?: number
  readonly table?: string
  readonly key?: Key
  readonly details?: unknown

  constructor(
    readonly code: SyncErrorCode,
    { what, cause, ...rest }: SyncErrorDetails = {},
  ) {
    const text = errorTexts[code]
    super(what ? `${text.message}: ${what}. Fix: ${text.fix}` : `${text.message}. Fix: ${text.fix}`, {
      cause,
    })
    this.type = text.type
    this.retryable = text.retryable
    this.fix = text.fix
    Object.assign(this, rest)
  }
}

/** True for errors of this library, from any realm or copy of it. */
export function isSyncError(error: unknown): error is SyncError {
  return error instanceof Error && error.name === 'SyncError' && 'code' in error
}
