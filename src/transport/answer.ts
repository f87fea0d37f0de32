import type { SyncError } from '../model/error'
import type { Body } from './reader'

/** One request, without credentials. */
export interface HttpRequest {
  readonly method: string
  /** Relative to `baseUrl`, or a full address under it. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** May be repeated within seconds when it fails in passing. For requests that may be applied twice: false. */
  readonly burst?: boolean
}

/** What became of a request. Everything network and server can do is one of these; none of it is thrown. */
export type HttpAnswer = (
  | {
      /** The server answered, with whatever status, and the answer was read to its end. */
      readonly kind: 'answered'
      readonly status: number
      readonly body: Body
      /** ms the server asks to wait, at most an hour. */
      readonly retryAfter?: number
      readonly etag?: string
    }
  | {
      /** A redirect, which is not followed: credentials would travel on. Status 0 where the browser hides it. */
      readonly kind: 'redirected'
      readonly status: number
    }
  | {
      /** There is no answer. `sent`: false only where fetch was provably never called. */
      readonly kind: 'failed'
      readonly code: 'network-failed' | 'timeout' | 'stopped'
      readonly sent: boolean
    }
  | {
      /** No login, or it was refused and could not be renewed. */
      readonly kind: 'auth-required'
    }
  | {
      /** The request cannot be sent as it is. It never left. */
      readonly kind: 'unsendable'
      readonly error: SyncError
    }
) & {
  /** An earlier try of the same burst left and may have been applied. */
  readonly earlierSent?: boolean
}
