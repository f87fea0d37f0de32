import pRetry from 'p-retry'
import type { Environment } from '../environment'
import type { HttpAnswer } from './answer'

/** Repeats after the first try. */
const repeats = 2
/** No repeat begins later than this after the first try, ms. */
const longest = 5000
/** Waits before each repeat, ms; up to twice as long by chance, so that tabs and devices do not knock together. */
const waits = [300, 1000]

/**
 * The short burst over one request (decision 7): a failure that is likely gone in a second is not worth a stay in the
 * outbox. Everything longer is the outbox's, and a server that names a time is not asked before it.
 */
export async function burst(
  send: () => Promise<HttpAnswer>,
  env: Pick<Environment, 'timer' | 'now' | 'random'>,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const begun = env.now()
  let earlierSent = false
  /** There is no time left for the wait before the next try. */
  let late = false

  async function once(): Promise<HttpAnswer> {
    const answer = await send()
    const told: HttpAnswer = earlierSent ? { ...answer, earlierSent } : answer
    if (!isPassing(answer)) return told
    earlierSent = true
    throw new PassingFailure(told)
  }

  /** p-retry awaits this; its own timers stay unused, since they would not be the environment's. */
  async function rest({ attemptNumber, retriesLeft }: { attemptNumber: number; retriesLeft: number }) {
    const ms = (waits[attemptNumber - 1] ?? longest) * (1 + env.random())
    late = !inTime(ms)
    if (retriesLeft > 0 && !late) await sleep(ms, env, signal)
  }

  function inTime(ms: number): boolean {
    return !signal.aborted && env.now() - begun + ms < longest
  }

  try {
    return await pRetry(once, {
      retries: repeats,
      minTimeout: 0,
      maxTimeout: 0,
      onFailedAttempt: rest,
      shouldRetry: ({ error }) => error instanceof PassingFailure && !late && inTime(0),
    })
  } catch (error) {
    if (error instanceof PassingFailure) return error.answer
    throw error
  }
}

/** Failures that tend to be over in a moment. A time-out is none: it has already cost half a minute. */
function isPassing(answer: HttpAnswer): boolean {
  if (answer.kind === 'failed') return answer.code === 'network-failed' && answer.sent
  if (answer.kind !== 'answered' || answer.retryAfter !== undefined) return false
  return answer.status === 502 || answer.status === 503 || answer.status === 504
}

function sleep(ms: number, env: Pick<Environment, 'timer'>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      cancel()
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const cancel = env.timer(wake, ms)
    signal.addEventListener('abort', wake)
  })
}

class PassingFailure extends Error {
  constructor(readonly answer: HttpAnswer) {
    super('the request failed in passing')
  }
}
