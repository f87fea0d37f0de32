export type SyncErrorType = 'network' | 'auth' | 'validation' | 'conflict' | 'quota' | 'server' | 'client'

/** What is said of an error: its message, likely cause and fix. Holds no row content and no token. */
export interface ErrorText {
  readonly type: SyncErrorType
  readonly retryable: boolean
  readonly message: string
  readonly cause: string
  readonly fix: string
}
