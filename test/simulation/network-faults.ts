import { answer, type HttpAnswer, type HttpRequest, html, problem } from './http'
import type { Prng } from './prng'

export const networkFaults = [
  'drop-request',
  'drop-response',
  'hang-request',
  'hang-response',
  'delay-request',
  'delay-response',
  'duplicate',
  'busy',
  'gateway',
  'broken',
  'broken-after',
  'running',
  'portal',
  'redirect',
  'empty',
  'truncate',
] as const

/**
 * - `drop-request`, `drop-response`: the connection breaks before or after the server has acted.
 * - `hang-request`, `hang-response`: nothing comes back, before or after the server has acted.
 * - `delay-request`, `delay-response`: one way takes up to a minute, so that others overtake it and its sender gives up.
 * - `duplicate`: a write arrives a second time, some seconds after the first.
 * - `busy`: a status that blames the moment, with or without a Retry-After that can be read; nothing was done.
 * - `gateway`: 502, 503 or 504, though the server acted.
 * - `broken`, `broken-after`: 500 before or after the server has acted.
 * - `running`: 409, as the first request with this Idempotency-Key is still at work.
 * - `portal`: a page of a captive portal or proxy, whatever its status; the server never hears of the request.
 * - `redirect`: sent elsewhere; nothing was done.
 * - `empty`: the server acted, and 204 says so. Writes only: for a list that would be a lie, "nothing is new".
 * - `truncate`: the server acted, its answer is cut at some byte.
 */
export type NetworkFault = (typeof networkFaults)[number]

/** Faults that can only befall a write. */
export const ofWrites: ReadonlySet<NetworkFault> = new Set(['duplicate', 'running', 'empty'])
/** Faults that no client can do anything about where the server does not know Idempotency-Key. */
const needKeys: ReadonlySet<NetworkFault> = new Set(['duplicate', 'running'])

/** True where a fault can befall this request. */
export function canStrike(fault: NetworkFault, { method }: HttpRequest, knowsKeys: boolean): boolean {
  return (method !== 'GET' || !ofWrites.has(fault)) && (knowsKeys || !needKeys.has(fault))
}

/** Answers that never came from the server; undefined where the fault is none of those. */
export function answerOnTheWay(fault: NetworkFault, draw: Prng, now: number): HttpAnswer | undefined {
  switch (fault) {
    case 'busy': {
      const after = draw.pick(['2', new Date(now + 3_000).toUTCString(), 'soon', '-5', undefined])
      const busy = problem(draw.pick([408, 421, 425, 429, 503]), 'try later')
      const headers = {
        ...busy.headers,
        ...(after !== undefined && { 'retry-after': after }),
        // Without it a device whose clock is a day behind waits for an hour: rarely, or most of a run is waiting.
        ...(draw.chance(0.9) && { date: new Date(now).toUTCString() }),
      }
      return { ...busy, headers }
    }
    case 'broken':
      return problem(500, 'broken')
    case 'running':
      return answer(409, { code: 'idempotency_key_in_use' })
    case 'portal':
      return portalPage(draw)
    case 'redirect':
      return {
        status: draw.pick([301, 302, 303, 307, 308]),
        headers: { location: 'https://login.example.com/' },
      }
    default:
      return undefined
  }
}

/** What a portal or proxy shows instead of what was asked for. */
export function portalPage(draw: Prng): HttpAnswer {
  return html(draw.pick([200, 200, 403, 404, 407, 410, 511]))
}

/** What becomes of the server's own answer on its way back. */
export function answerAfter(fault: NetworkFault | undefined, made: HttpAnswer, draw: Prng): HttpAnswer {
  switch (fault) {
    case 'gateway':
      return html(draw.pick([502, 503, 504]))
    case 'broken-after':
      return problem(500, 'broken')
    case 'empty':
      return made.status < 300 ? { status: 204, headers: {} } : made
    case 'truncate': {
      const { body } = made
      return body ? { ...made, body: body.slice(0, draw.between(0, body.length - 1)) } : made
    }
    default:
      return made
  }
}
