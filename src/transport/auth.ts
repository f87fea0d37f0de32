import type { Environment } from '../environment'
import { SyncError } from '../model/error'
import { within } from './deadline'
import type { Turn } from './device-turn'
import { type HeaderValues, toHeaderValues } from './headers'
import { SharedWork } from './shared-work'

/** How requests prove who sends them. Nothing of it is ever stored. */
export interface AuthOptions {
  /**
   * Headers of every request, asked at the moment of sending. Null = not logged in. While a login is missing it is
   * asked now and then, without a request; other headers than those refused let sync go on.
   */
  readonly getHeaders?: () => HeaderValues | null | Promise<HeaderValues | null>
  /**
   * Called once for all requests a 401 has met, with a `SyncError` whose `status` is 401: renews the login, then they
   * are sent again. Also called where `validateAuth` says that the login does not hold.
   */
  readonly onAuthError?: (error: SyncError) => unknown
  /**
   * Whether the login holds, as far as the app can tell. Asked before the first request of a cycle and after a renewal.
   * False: `onAuthError` is called, and if that does not mend it nothing is sent (`auth-required`). Where it throws,
   * answers nothing or takes longer than 15 s there is no login. Absent: the server's 401 tells.
   */
  readonly validateAuth?: () => boolean | Promise<boolean>
  /** How often one request is sent again after a renewal; 0 = a 401 is final. Default 1. */
  readonly maxAuthRetries?: number
  /** ms each of the functions may take. Default 15,000. */
  readonly timeout?: number
}

/** Headers to send with. `serial` counts them, so that a 401 can be told to be older than a renewal. */
export interface Pass {
  readonly headers: HeaderValues
  readonly serial: number
}

/** Credentials at send time and one renewal for all (C8, C9). Never throws: what user code does wrong means "no login". */
export interface Auth {
  /** A cycle begins: its first request asks `validateAuth`. */
  begin(): void
  /** Undefined = there is no login, or asking for it failed or took too long. */
  pass(signal: AbortSignal): Promise<Pass | undefined>
  /** After a 401 to a request sent with `refused`, its renewal number `renewals` (from 0): true = worth sending again. */
  renew(refused: Pass, renewals: number, signal: AbortSignal): Promise<boolean>
  /**
   * Whether a login that was missing may be back, without a request and without renewing it: other headers than those
   * refused, or, where something has `moved` (the person or the connection is back), a renewal that had failed.
   */
  mayBeBack(moved: boolean, signal: AbortSignal): Promise<boolean>
}

export function createAuth(
  options: AuthOptions,
  env: Pick<Environment, 'timer'>,
  turn: Turn = (task) => task(false),
): Auth {
  const { getHeaders, onAuthError, validateAuth, maxAuthRetries = 1, timeout = 15_000 } = options
  const renewing = new SharedWork<boolean>()
  const validating = new SharedWork<boolean>()
  let serials = 0
  /** The last renewal speaks for every pass given out before it ended, also for a 401 that comes late. */
  let last = { upTo: 0, renewed: true }
  /** What `validateAuth` has said in this cycle; undefined = it is to be asked. */
  let valid: boolean | undefined
  /** The headers last refused, as text. In memory only. */
  let refusedText: string | undefined
  /** Headers refused although they had just been renewed: another renewal in the same cycle would bring no others. */
  let hopeless: string | undefined

  async function pass(signal: AbortSignal): Promise<Pass | undefined> {
    if (validateAuth && !(valid ?? (await validating.join(validate, signal)))) return undefined
    const serial = ++serials
    const headers = await headersNow(signal)
    return headers && { headers, serial }
  }

  async function headersNow(signal: AbortSignal): Promise<HeaderValues | undefined> {
    return getHeaders ? toHeaderValues(await answerOf(getHeaders, signal)) : {}
  }

  async function validate(signal: AbortSignal): Promise<boolean> {
    let holds = await saysValid(signal)
    if (holds === false && (await renewLogin(undefined, signal))) holds = await saysValid(signal)
    if (!signal.aborted) valid = holds === true
    return holds === true
  }

  /** Undefined = no answer: whoever hangs or throws once is not asked again at once. */
  async function saysValid(signal: AbortSignal): Promise<boolean | undefined> {
    if (!validateAuth) return true
    const answer = await answerOf(validateAuth, signal)
    return answer === undefined ? undefined : Boolean(answer)
  }

  async function renew(refused: Pass, renewals: number, signal: AbortSignal): Promise<boolean> {
    refusedText = JSON.stringify(refused.headers)
    if (renewals >= maxAuthRetries) hopeless = refusedText
    if (hopeless === refusedText) return false
    if (!onAuthError) return hasOtherHeaders(signal)
    if (refused.serial <= last.upTo) return last.renewed
    return renewLogin(refusedText, signal)
  }

  /** One renewal for all who ask, in all tabs: what another tab has just renewed is taken over. */
  async function renewLogin(refused: string | undefined, signal: AbortSignal): Promise<boolean> {
    if (!onAuthError) return false
    const error = new SyncError('auth-required', { status: 401 })
    const work = async (stop: AbortSignal) => {
      const renewed = await turn(async (waited) => {
        if (waited && refused !== undefined && (await hasOtherHeaders(stop))) return true
        return (await answerOf(() => Promise.resolve(onAuthError(error)).then(() => true), stop)) === true
      }, stop).catch(() => false) // overtaken by a tab that took us for asleep
      if (stop.aborted) return false
      last = { upTo: serials, renewed: renewed === true }
      if (last.renewed) refusedText = undefined // a cookie is renewed without other headers
      valid = undefined
      return last.renewed
    }
    return (await renewing.join(work, signal)) === true
  }

  async function mayBeBack(moved: boolean, signal: AbortSignal): Promise<boolean> {
    if (moved && onAuthError && !last.renewed) return true
    return (await saysValid(signal)) === true && (await hasOtherHeaders(signal))
  }

  /** Headers that have changed by themselves since some were refused are worth another try. */
  async function hasOtherHeaders(signal: AbortSignal): Promise<boolean> {
    const now = await headersNow(signal)
    return now !== undefined && JSON.stringify(now) !== refusedText
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

  return {
    begin: () => {
      valid = undefined
      hopeless = undefined
    },
    pass,
    renew,
    mayBeBack,
  }
}
