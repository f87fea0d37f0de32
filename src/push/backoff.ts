/**
 * How long to wait before attempt number `attempt` (from 0) is repeated: half of the delay for certain, the other half
 * by chance, so that many devices do not come back at once (FAULTS J4). ms.
 */
export function withJitter(delay: number, random: number): number {
  const safe = Number.isFinite(delay) && delay > 0 ? delay : 0
  return Math.round(safe / 2 + (safe / 2) * random)
}

/**
 * How long a server that is away is left alone: anything up to the delay, since all who met the failure at the same
 * moment would come back at the same moment (FAULTS J4). ms, at least 500, or half of a shorter delay.
 */
export function fullJitter(delay: number, random: number): number {
  const safe = Number.isFinite(delay) && delay > 0 ? delay : 0
  return Math.round(Math.max(safe * random, Math.min(safe / 2, 500)))
}

/** How long a server that has asked for `ms` is left alone: never less, up to a tenth more by chance, at most 15 s. */
export function pastAsked(ms: number, random: number): number {
  return Math.round(ms + Math.min(ms / 10, 15_000) * random)
}

/** The default delay: 1 s doubling up to 60 s. `attempt` counts from 0. */
export function doublingDelay(attempt: number): number {
  return Math.min(1000 * 2 ** attempt, 60_000)
}
