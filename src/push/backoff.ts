/**
 * How long to wait before attempt number `attempt` (from 0) is repeated: half of the delay for certain, the other half
 * by chance, so that many devices do not come back at once (FAULTS J4). ms.
 */
export function withJitter(delay: number, random: number): number {
  const safe = Number.isFinite(delay) && delay > 0 ? delay : 0
  return Math.round(safe / 2 + (safe / 2) * random)
}

/** The default delay: 1 s doubling up to 60 s. `attempt` counts from 0. */
export function doublingDelay(attempt: number): number {
  return Math.min(1000 * 2 ** attempt, 60_000)
}
