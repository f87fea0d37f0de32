import type { SyncErrorCode } from '../model/error'
import type { HttpAnswer } from './answer'
import type { Body } from './reader'
import { speaksOfKey } from './server-message'

/**
 * What an answer means, before anyone asks what the request was (`FAULTS` C, I9).
 *
 * - `ok`: taken. `missing`: there is no such record. `conflict`: somebody was faster.
 * - `rejected`: never, as it is.
 * - `retry`: provably not applied. `unknown`: it may or may not have been applied.
 *
 * `spends`: an attempt is spent. `pause`: ms the server wants to be left alone, where it says so; how long it is left
 * alone otherwise is not for a single answer to know.
 */
export type Verdict =
  | { readonly kind: 'ok' | 'missing' | 'conflict' }
  | { readonly kind: 'rejected'; readonly code: SyncErrorCode }
  | {
      readonly kind: 'retry' | 'unknown'
      readonly code: SyncErrorCode
      readonly spends: boolean
      readonly pause?: number
      readonly release?: true
    }

/** Statuses that blame the moment, not the request: they pause the origin and spend nothing. */
const refusedForNow = new Set([408, 421, 425, 429])
/** As above, but a gateway may have passed the request on before it gave up. */
const perhapsApplied = new Set([502, 503, 504])
/** Statuses that proxies, portals and wrong routes answer in the API's stead, when they come as a page. */
const pagesOfOthers = new Set([403, 404, 405, 410, 451])
/** The portal or proxy itself wants a login. */
const portals = new Set([407, 511])
/** "Ask elsewhere": nothing was done here. The other redirects may follow a deed. */
const movedOnly = new Set([301, 307, 308])

export function classify(answer: HttpAnswer): Verdict {
  const verdict = judge(answer)
  // A later try of a burst says nothing about the earlier ones, so nothing is provable any more.
  if (verdict.kind !== 'retry' || !answer.earlierSent) return verdict
  const { release, ...rest } = verdict
  return { ...rest, kind: 'unknown' }
}

function judge(answer: HttpAnswer): Verdict {
  switch (answer.kind) {
    case 'answered':
      return judgeStatus(answer.status, answer.body, answer.retryAfter)
    case 'redirected':
      return { kind: movedOnly.has(answer.status) ? 'retry' : 'unknown', code: 'redirected', spends: false }
    case 'auth-required':
      return { kind: 'retry', code: 'auth-required', spends: false }
    case 'unsendable':
      return answer.error.retryable
        ? { kind: 'retry', code: answer.error.code, spends: true, release: true }
        : { kind: 'rejected', code: answer.error.code }
    case 'failed':
      return {
        ...(answer.sent ? { kind: 'unknown' } : { kind: 'retry', release: true }),
        code: answer.code,
        spends: false,
      }
  }
}

function judgeStatus(status: number, body: Body, retryAfter: number | undefined): Verdict {
  const asked = retryAfter === undefined ? {} : { pause: retryAfter }
  if (status >= 200 && status < 300) return judgeSuccess(body)
  if (refusedForNow.has(status)) return { kind: 'retry', code: 'server-busy', spends: false, ...asked }
  if (perhapsApplied.has(status)) return { kind: 'unknown', code: 'server-busy', spends: false, ...asked }
  if (portals.has(status) || (pagesOfOthers.has(status) && body.kind === 'markup'))
    return { kind: 'retry', code: 'intercepted', spends: false, ...asked }
  if (status >= 500) return { kind: 'unknown', code: 'server-failed', spends: true, ...asked }
  return judgeRefusal(status, body)
}

/** A 2xx that is not the expected answer is no acknowledgement (I9). */
function judgeSuccess(body: Body): Verdict {
  switch (body.kind) {
    case 'none':
    case 'json':
      return { kind: 'ok' }
    case 'markup':
    case 'text':
      return { kind: 'retry', code: 'intercepted', spends: false }
    case 'broken':
      return { kind: 'unknown', code: 'bad-answer', spends: false }
    case 'too-large':
      return { kind: 'unknown', code: 'answer-too-large', spends: false }
  }
}

function judgeRefusal(status: number, body: Body): Verdict {
  switch (status) {
    case 401:
      return { kind: 'retry', code: 'auth-required', spends: false }
    case 403:
      return { kind: 'rejected', code: 'forbidden' }
    case 404:
    case 410:
      return { kind: 'missing' }
    case 409:
      // The first request with this key is still running: its answer will be repeated to us.
      if (speaksOfKey(body)) return { kind: 'unknown', code: 'server-busy', spends: false }
      return { kind: 'conflict' }
    case 412:
      return { kind: 'conflict' }
    case 413:
      return { kind: 'rejected', code: 'too-large' }
    case 422:
      return { kind: 'rejected', code: speaksOfKey(body) ? 'key-reused' : 'rejected' }
    default:
      return { kind: 'rejected', code: 'rejected' }
  }
}
