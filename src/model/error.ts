import type { Key } from './change'

export type SyncErrorType = 'network' | 'auth' | 'validation' | 'conflict' | 'quota' | 'server' | 'client'

interface ErrorText {
  readonly type: SyncErrorType
  readonly retryable: boolean
  readonly message: string
  readonly cause: string
  readonly fix: string
}

/** Every stable error code with its message, likely cause and fix. Messages hold no row content and no token. */
export const errorTexts = {
  'already-started': {
    type: 'client',
    retryable: false,
    message: 'startSync() was called again for the same database with another configuration',
    cause: 'two places of the app start sync with different data',
    fix: 'call startSync() once, or with the same configuration; functions may differ, data may not',
  },
  'bad-config': {
    type: 'validation',
    retryable: false,
    message: 'the configuration is not valid',
    cause: 'an option is missing, misspelt or of the wrong type',
    fix: 'see the path named in the message',
  },
  'unknown-table': {
    type: 'validation',
    retryable: false,
    message: 'the database has no such table',
    cause: 'a route or call names a table that db.version().stores() does not declare',
    fix: 'declare the table before startSync(), or mend the name',
  },
  'server-key': {
    type: 'validation',
    retryable: false,
    message: 'the server makes the keys of this table, but a new row brought its own',
    cause: 'add() or put() of a new row with a primary key in a table with key: "server"',
    fix: 'leave the key out, or declare the route with key: "client" and make keys that are unique everywhere',
  },
  'capture-failed': {
    type: 'client',
    retryable: false,
    message: 'the change could not be recorded for sync, so the transaction was rolled back',
    cause: 'the outbox could not be written',
    fix: 'see details; a full disk is the usual reason',
  },
  'quota-exceeded': {
    type: 'quota',
    retryable: true,
    message: 'the browser refused to store more',
    cause: 'the disk or the quota of this origin is full',
    fix: 'free storage; nothing that was acknowledged is lost',
  },
  'storage-failed': {
    type: 'client',
    retryable: true,
    message: 'the local database could not be used',
    cause: 'the database was closed, deleted or lost its connection',
    fix: 'reload the page; nothing that was acknowledged is lost',
  },
  unavailable: {
    type: 'client',
    retryable: false,
    message: 'there is no IndexedDB here',
    cause: 'server rendering, or a browser mode without storage',
    fix: 'nothing to do on a server; sync runs in the browser',
  },
  offline: {
    type: 'network',
    retryable: true,
    message: 'the device is offline',
    cause: 'no connection',
    fix: 'nothing to do: the change waits and leaves by itself',
  },
  'network-failed': {
    type: 'network',
    retryable: true,
    message: 'the server could not be reached',
    cause: 'no connection, a wrong address, a refused CORS request or an extension that blocks it',
    fix: 'check baseUrl and the CORS headers; the change waits and leaves by itself',
  },
  timeout: {
    type: 'network',
    retryable: true,
    message: 'the server did not answer in time',
    cause: 'a slow connection or server',
    fix: 'nothing to do: the same request is sent again',
  },
  intercepted: {
    type: 'network',
    retryable: true,
    message: 'the answer did not come from the API',
    cause: 'a login page, captive portal or proxy answered with something that is not JSON',
    fix: 'log in to the network; if it stays, check that the route answers JSON',
  },
  'bad-answer': {
    type: 'server',
    retryable: true,
    message: 'the answer could not be understood',
    cause: 'broken or truncated JSON, or another shape than the route expects',
    fix: 'check mapResponse and what the route answers',
  },
  'answer-too-large': {
    type: 'server',
    retryable: true,
    message: 'the answer is larger than is safe to read',
    cause: 'a page without limit, or a wrong route',
    fix: 'lower sync.pull.pageSize, or let the server page its answers',
  },
  'wrong-record': {
    type: 'server',
    retryable: true,
    message: 'the answer is about another record than the request',
    cause: 'the route answers a row with another primary key',
    fix: 'mend the backend or mapResponse',
  },
  redirected: {
    type: 'server',
    retryable: true,
    message: 'the server redirected the request, which is not followed',
    cause: 'an http address, a missing slash or a login redirect',
    fix: 'set the final address in baseUrl or the route',
  },
  'server-busy': {
    type: 'server',
    retryable: true,
    message: 'the server asked to wait',
    cause: 'overload, maintenance or a rate limit (408, 425, 429, 502, 503, 504)',
    fix: 'nothing to do: it is asked again later',
  },
  'server-failed': {
    type: 'server',
    retryable: true,
    message: 'the server failed',
    cause: 'a fault in the backend (5xx)',
    fix: 'see the log of the backend',
  },
  'auth-required': {
    type: 'auth',
    retryable: true,
    message: 'the login is missing or no longer valid',
    cause: '401, or getHeaders failed or answered null',
    fix: 'log in and call sync.start() or sync.sync(); every change waits',
  },
  forbidden: {
    type: 'auth',
    retryable: false,
    message: 'the user may not do this',
    cause: '403',
    fix: 'discard the change, or retry it as a user who may',
  },
  rejected: {
    type: 'validation',
    retryable: false,
    message: 'the server refused the change',
    cause: 'it did not pass the checks of the backend (4xx)',
    fix: 'edit and retry the dead letter, or discard it',
  },
  'too-large': {
    type: 'validation',
    retryable: false,
    message: 'the server refused the change as too large',
    cause: '413',
    fix: 'make the row smaller, then retry the dead letter',
  },
  'not-found': {
    type: 'server',
    retryable: false,
    message: 'the record does not exist at the server',
    cause: 'it was deleted there, or the route is wrong',
    fix: 'check the route, or discard the change',
  },
  conflict: {
    type: 'conflict',
    retryable: false,
    message: 'the record was changed by somebody else',
    cause: '409 or 412',
    fix: 'see sync.conflicts.list()',
  },
  'key-reused': {
    type: 'server',
    retryable: false,
    message: 'the server says the Idempotency-Key was used for another request',
    cause: '422 with a key the server knows',
    fix: 'report this: it should not happen',
  },
  'unknown-outcome': {
    type: 'server',
    retryable: false,
    message: 'it is not known whether the change was applied, and there is no way to find out',
    cause: 'the answer was lost and the backend does not honour Idempotency-Key',
    fix: 'look at the record at the server, then retry or discard',
  },
  'missing-response-key': {
    type: 'server',
    retryable: false,
    message: 'the server made a record but did not tell its key',
    cause: 'the answer to a create holds no primary key',
    fix: 'let the backend answer the created row, or map it with mapResponse',
  },
  'unroutable-key': {
    type: 'validation',
    retryable: false,
    message: 'the key cannot stand in an address',
    cause: 'an empty key, ".", ".." or a key that is no valid text',
    fix: 'use other keys for rows that are synced',
  },
  unserializable: {
    type: 'validation',
    retryable: false,
    message: 'the row holds a value that JSON cannot carry',
    cause: 'a Map, Set, Blob, BigInt, NaN, binary or cyclic value',
    fix: 'leave the field out or turn it into text in the route’s body',
  },
  'user-code-failed': {
    type: 'client',
    retryable: true,
    message: 'a function of the configuration failed',
    cause: 'body, url, mapResponse, headers, query or onComplete threw, hung or answered garbage',
    fix: 'see cause; the change or page waits',
  },
  'stuck-boundary': {
    type: 'server',
    retryable: true,
    message: 'more rows than the largest page share one time, so the pull cannot pass them',
    cause: 'a bulk import gave thousands of rows the same updated_at, and the backend has no finer order',
    fix: 'use a keyset on { updatedAt, id } or an opaque cursor',
  },
  'cursor-stuck': {
    type: 'server',
    retryable: true,
    message: 'the pull does not advance',
    cause: 'the server answers the same or an earlier cursor, or empty pages without end',
    fix: 'mend the cursor of the backend; the checkpoint is kept',
  },
  'no-leader': {
    type: 'client',
    retryable: true,
    message: 'no tab could do this in time',
    cause: 'every tab is asleep or closing',
    fix: 'call again',
  },
  stopped: {
    type: 'client',
    retryable: true,
    message: 'sync is stopped',
    cause: 'stop() was called',
    fix: 'call start()',
  },
  'mass-delete': {
    type: 'conflict',
    retryable: false,
    message: 'most rows of a table were deleted at once',
    cause: 'clear(), a logout or an import; the deletions wait for a word',
    fix: 'sync.conflicts.resolve(id, "local") sends them, "remote" brings the rows back',
  },
  orphan: {
    type: 'conflict',
    retryable: false,
    message: 'a local row is unknown to the server, and its history is lost',
    cause: 'the sync tables were removed while rows stayed',
    fix: 'sync.conflicts.resolve(id, "local") creates it at the server, "remote" removes it here',
  },
  'existing-row': {
    type: 'conflict',
    retryable: false,
    message: 'a row that was here before sync differs from the server’s row of the same key',
    cause: 'the table held rows before startSync() and initialUpload is false',
    fix: 'sync.conflicts.resolve(id, "local" | "remote" | row)',
  },
  'no-such-item': {
    type: 'client',
    retryable: false,
    message: 'there is no dead letter or conflict with this id',
    cause: 'it was settled meanwhile, or the id is wrong',
    fix: 'list them again',
  },
} as const satisfies Record<string, ErrorText>

export type SyncErrorCode = keyof typeof errorTexts

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
