import ky from 'ky'
import type { Environment } from '../environment'
import { isSyncError, SyncError } from '../model/error'
import type { Exchange } from '../model/exchange'
import { requestTimeout } from '../model/limits'
import { createAddress } from './address'
import type { HttpAnswer, HttpRequest } from './answer'
import type { Auth } from './auth'
import { burst } from './burst'
import { type HeaderValues, unsendableHeader } from './headers'
import { maskCredentials } from './mask'
import { type Meter, meter } from './meter'
import { startPatience } from './patience'
import { readBody } from './reader'
import { parseHttpDate, parseRetryAfter } from './retry-after'

/** Sends requests to one origin and reads the answers. */
export interface Http {
  /** Never rejects for what network, server or login do. Takes no longer than the time-out. */
  exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>
}

export interface HttpOptions {
  readonly baseUrl: string
  /** Address of the page, for a relative `baseUrl`. */
  readonly location?: string
  readonly env: Pick<Environment, 'fetch' | 'timer' | 'now' | 'monotonic' | 'random'>
  readonly auth: Auth
  /**
   * ms from the call to the last byte of the answer where little is carried: login and repeats included. Default
   * {@link requestTimeout}.
   */
  readonly timeout?: number
  /** Asked before credentials are and at the moment of sending: false = somebody else is logged in by now (I11). */
  readonly mayLeave?: () => boolean
  /** Most bytes of an answer that are read. Default 64 MiB. */
  readonly maxBytes?: number
  /** Told of every request that left, once it is over. Must not throw. */
  readonly onExchange?: (exchange: Exchange) => void
  /** Learns from the `Date` of answers what time it is at the server. All ms. */
  readonly clock?: { correct(serverTime: number, sentAt: number, answeredAt: number): void }
}

/** @throws SyncError `bad-config` for a `baseUrl` that cannot be used */
export function createHttp(options: HttpOptions): Http {
  const {
    env,
    auth,
    clock,
    timeout = requestTimeout,
    mayLeave = () => true,
    maxBytes = 64 * 1024 * 1024,
  } = options
  const address = createAddress(options.baseUrl, options.location)

  async function exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const target = resolve(request)
    if (isSyncError(target)) return { kind: 'unsendable', error: target }
    const stop = new AbortController()
    const late = new AbortController()
    const abort = () => stop.abort()
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    const { carried, cancel } = startPatience(env, timeout, () => {
      late.abort()
      stop.abort()
    })
    const limit = { signal: stop.signal, isLate: () => late.signal.aborted, carried }
    try {
      return await withLogin(target, request, limit)
    } finally {
      cancel()
      signal.removeEventListener('abort', abort)
    }
  }

  /** Refuses an address outside `baseUrl` before credentials are anywhere near it (S1, S2, S5). */
  function resolve(request: HttpRequest): URL | SyncError {
    const header = unsendableHeader(request.headers ?? {})
    if (header) return new SyncError('user-code-failed', { what: `the header ${header} cannot be sent` })
    try {
      return address.resolve(request.url)
    } catch (error) {
      if (isSyncError(error)) return error
      throw error
    }
  }

  async function withLogin(target: URL, request: HttpRequest, limit: Limit): Promise<HttpAnswer> {
    for (let renewals = 0; ; renewals++) {
      if (!mayLeave()) return { kind: 'failed', code: 'stopped', sent: false }
      const pass = await auth.pass(limit.signal)
      if (limit.signal.aborted) return { kind: 'failed', code: codeOf(limit), sent: false }
      if (!pass) return { kind: 'auth-required' }
      const send = () => once(target, request, pass.headers, limit)
      const answer = request.burst ? await burst(send, env, limit.signal) : await send()
      if (answer.kind !== 'answered' || answer.status !== 401) return answer
      const earlier = answer.earlierSent ? { earlierSent: true } : {}
      if (!mayLeave()) return { kind: 'failed', code: 'stopped', sent: false, ...earlier }
      if (!(await auth.renew(pass, renewals, limit.signal))) return { kind: 'auth-required', ...earlier }
    }
  }

  async function once(
    target: URL,
    request: HttpRequest,
    credentials: HeaderValues,
    limit: Limit,
  ): Promise<HttpAnswer> {
    let sent = false
    let refused = false
    let sentAt = 0
    const aborted = whenAborted(limit.signal)
    const measured = meter(env, options.onExchange)
    try {
      const response = ky(target, {
        method: request.method,
        headers: { accept: 'application/json', ...request.headers, ...credentials },
        signal: limit.signal,
        retry: 0,
        timeout: false,
        throwHttpErrors: false,
        // Following a redirect would carry custom credential headers to another origin (S4).
        redirect: 'manual',
        cache: 'no-store',
        credentials: 'same-origin',
        fetch: (input) => {
          if (!mayLeave()) {
            refused = true
            throw new Error('somebody else is logged in')
          }
          sent = true
          sentAt = env.now()
          // ky clones what it is given, and cloning a body makes a stream of it, which costs as much as the exchange.
          const { body } = request
          measured.left(body)
          limit.carried(body?.length ?? 0)
          return env.fetch(body === undefined ? (input as Request) : new Request(input as Request, { body }))
        },
      })
      const timed = response.then((answer) => {
        tellTime(answer.headers, sentAt)
        return answer
      })
      return await Promise.race([read(timed, limit, measured, credentials), aborted.promise])
    } catch {
      // The error of a fetch says nothing that can be relied on (C15), and may hold the request: only that it failed counts.
      return { kind: 'failed', code: refused ? 'stopped' : codeOf(limit), sent }
    } finally {
      aborted.cancel()
      measured.over()
    }
  }

  /** An answer of a cache on the way (`Age`) tells of an earlier time. */
  function tellTime(headers: Headers, sentAt: number): void {
    const now = env.now()
    const date = headers.has('age') ? undefined : parseHttpDate(headers.get('date') ?? '', now)
    if (date !== undefined) clock?.correct(date, sentAt, now)
  }

  async function read(
    answer: Promise<Response>,
    limit: Limit,
    measured: Meter,
    credentials: HeaderValues,
  ): Promise<HttpAnswer> {
    const response = await answer
    const { status, headers } = response
    measured.answered(status)
    if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
      await response.body?.cancel()
      return { kind: 'redirected', status }
    }
    const clean = (text: string) => (status < 400 ? text : maskCredentials(text, credentials))
    const count = (bytes: number) => {
      measured.read(bytes)
      limit.carried(bytes)
    }
    const body = await readBody(response, maxBytes, limit.signal, count, clean)
    const retryAfter = parseRetryAfter(headers.get('retry-after'), env.now(), headers.get('date'))
    const etag = headers.get('etag')
    return {
      kind: 'answered',
      status,
      body,
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(etag === null ? {} : { etag }),
    }
  }

  return { exchange }
}

/** The end of the time of one exchange, or its caller's stop. */
interface Limit {
  readonly signal: AbortSignal
  isLate(): boolean
  /** So many more bytes have gone up or come down. */
  carried(bytes: number): void
}

function codeOf(limit: Limit): 'network-failed' | 'timeout' | 'stopped' {
  if (limit.isLate()) return 'timeout'
  return limit.signal.aborted ? 'stopped' : 'network-failed'
}

/** Rejects on abort, for fetches and bodies that do not heed their signal. */
function whenAborted(signal: AbortSignal): { promise: Promise<never>; cancel(): void } {
  let cancel = () => {}
  const promise = new Promise<never>((_, reject) => {
    const abort = () => reject(new Error('aborted'))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    cancel = () => signal.removeEventListener('abort', abort)
  })
  promise.catch(() => {
    // Lost the race: what it would have said is already known.
  })
  return { promise, cancel }
}
