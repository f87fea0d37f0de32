/** At most so many requests in any stretch of so long. */
export interface RateLimit {
  /** A whole number, at least 1. */
  readonly requests: number
  /** ms, more than 0. */
  readonly per: number
}

/** Those of `sent` that still count at `now`. Times in ms, oldest first. */
export function counting(sent: readonly number[], { per }: RateLimit, now: number): number[] {
  return sent.filter((at) => now - at < per)
}

/** ms until one more request may leave; 0 = now. */
export function waitFor(sent: readonly number[], limit: RateLimit, now: number): number {
  const recent = counting(sent, limit, now)
  return recent.length < limit.requests ? 0 : recent.at(-limit.requests)! + limit.per - now
}

/** ms until as many may leave as ever: whoever waits so long has one round of looking for each round of sending. */
export function waitForAll(sent: readonly number[], limit: RateLimit, now: number): number {
  const last = counting(sent, limit, now).at(-1)
  return last === undefined ? 0 : last + limit.per - now
}
