import type { Environment } from '../environment'
import { SyncError } from '../model/error'
import { within } from './deadline'
import { type HeaderValues, toHeaderValues } from './headers'

/** How requests prove who sends them. Nothing of it is ever stored. */
export interface AuthOptions {
  /** Headers of every request, asked at the moment of sending. Null = not logged in. */
  readonly getHeaders?: () => HeaderValues | null | Promise<HeaderValues | null>
  /** Called once for all requests a 401 has met: renews the login, then they are sent again. */
  readonly onAuthError?: (error: SyncError) => unknown
  /** How often one request is sent again after a renewal. Default 1. */
  readonly maxAuthRetries?: number
  /** ms each of the two functions may take. Default 15,000. */
  readonly timeout?: number
}

/** Headers to send with. `serial` counts them, so that a 401 can be told to be older than a renewal. */
export interface Pass {
  readonly headers: HeaderValues
  readonly serial: number
}

/** Credentials at send time and one renewal for all (C8, C9). Never throws: what user code does wrong means "no login". */
export interface Auth {
  readonly maxRetries: number
  /** Undefined = there is no login, or asking for it failed or took too long. */
  pass(signal: AbortSignal): Promise<Pass | undefined>
  /** After a 401 to a request sent with `refused`: true = worth sending again. */
  renew(refused: Pass, signal: AbortSignal): Promise<boolean>
}

export function createAuth(options: AuthOptions, env: Pick<Environment, 'timer'>): Auth {
  const { getHeaders, onAuthError, maxAuthRetries = 1, timeout = 15_000 } = options
  let serials = 0
  /** The last renewal speaks for every pass given out before it ended, also for a 401 that comes late. */
  let last = { upTo: 0, renewed: false }
  let running: Renewal | undefined

  async function pass(signal: AbortSignal): Promise<Pass | undefined> {
    const serial = ++serials
    if (!getHeaders) return { headers: {}, serial }
    const headers = toHeaderValues(await answerOf(getHeaders, signal))
    return headers && { headers, serial }
  }

  async function renew(refused: Pass, signal: AbortSignal): Promise<boolean> {
    if (!onAuthError) return hasOtherHeaders(refused, signal)
    if (refused.serial <= last.upTo) return last.renewed
    running ??= begin(onAuthError)
    return wait(running, signal)
  }

  function begin(renewLogin: (error: SyncError) => unknown): Renewal {
    const stop = new AbortController()
    const error = new SyncError('auth-required', { status: 401 })
    const done = answerOf(() => Promise.resolve(renewLogin(error)).then(() => true), stop.signal)
    const ended = done.then((renewed) => {
      last = { upTo: serials, renewed: renewed === true }
      running = undefined
      return last.renewed
    })
    return { ended, stop, waiting: 0 }
  }

  /** The renewal goes on while anyone waits for it; a stopped engine leaves no timer behind (I12). */
  async function wait(renewal: Renewal, signal: AbortSignal): Promise<boolean> {
    const leave = new Promise<boolean>((resolve) => {
      if (signal.aborted) resolve(false)
      signal.addEventListener('abort', () => resolve(false), { once: true })
    })
    renewal.waiting++
    const renewed = await Promise.race([renewal.ended, leave])
    renewal.waiting--
    if (renewal.waiting === 0) renewal.stop.abort()
    return renewed && !signal.aborted
  }

  /** Without a way to renew, only a login that changed by itself is worth another try. */
  async function hasOtherHeaders(refused: Pass, signal: AbortSignal): Promise<boolean> {
    const now = await pass(signal)
    return now !== undefined && JSON.stringify(now.headers) !== JSON.stringify(refused.headers)
  }

  async function answerOf(code: () => unknown, signal: AbortSignal): Promise<unknown> {
    try {
      const answer = await within(code, timeout, env.timer, signal)
      return answer.kind === 'done' ? answer.value : undefined
    } catch {
      // A failed login is weather (I13): it shows as auth-required, and its error may hold a token.
      return undefined
    }
  }

  return { maxRetries: maxAuthRetries, pass, renew }
}

/** One renewal under way, and how many requests wait for it. */
interface Renewal {
  readonly ended: Promise<boolean>
  readonly stop: AbortController
  waiting: number
}
