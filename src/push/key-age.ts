import type { Fence } from '../model/entry'
import type { Term } from '../outbox/term'

type FirstSent = Pick<Fence, 'firstSentAt' | 'firstAtServer'>

/** The server may have forgotten the Idempotency-Key: by its own time or the device's, whichever says so. */
export function isExpired(
  { settings, env, clock }: Pick<Term, 'settings' | 'env' | 'clock'>,
  { firstSentAt, firstAtServer }: FirstSent,
): boolean {
  const { serverTime } = clock
  const age = env.now() - firstSentAt
  const ageThere = serverTime === undefined || firstAtServer === undefined ? age : serverTime - firstAtServer
  return Math.max(age, ageThere) > settings.keyTtl
}

/** What is kept of when a request was first sent, by the server's time: the device's clock may be set while it waits. */
export function sentByServerTime(
  { env, clock }: Pick<Term, 'env' | 'clock'>,
  { firstSentAt, firstAtServer }: FirstSent,
): Pick<Fence, 'firstAtServer'> {
  if (firstAtServer !== undefined) return { firstAtServer }
  const { serverTime } = clock
  return serverTime === undefined ? {} : { firstAtServer: serverTime - Math.max(0, env.now() - firstSentAt) }
}
