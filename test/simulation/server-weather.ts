/** What the server itself does to those who rely on it, within what the library can bear (`docs/simulation.md`). */
export const serverFaults = [
  'one-time',
  'late-commit',
  'clock-jump',
  'replica-lag',
  'no-tombstone',
  'stale-version',
  'refusal',
  'keys-forgotten',
  'begin-anew',
] as const

/**
 * - `one-time`: a commit carries the time of the one before.
 * - `late-commit`: a commit carries a time before that of one which could be seen earlier.
 * - `clock-jump`: the clock goes back.
 * - `replica-lag`: a list does not show what was committed last.
 * - `no-tombstone`: a list does not show what was deleted.
 * - `stale-version`: 409 with the row, as the write stands on an older version.
 * - `refusal`: a value is refused, whatever is done about it.
 * - `keys-forgotten`: every device sleeps for more than a day, after which no Idempotency-Key is known any more.
 * - `begin-anew`: 410 to a list from a checkpoint, once for each device and table: it is to be asked from the start.
 */
export type ServerFault = (typeof serverFaults)[number]

/** Times in ms; 0 = never. */
export interface ServerWeather {
  /** How far the clock is off. */
  readonly skew: number
  /** The clock goes back and forth within this. */
  readonly jumps: number
  /** Probability that a commit carries the time of the one before. */
  readonly ties: number
  /** A commit carries a time at most so long before it can be seen, as that of a transaction which took so long. */
  readonly late: number
  /** Lists are answered by replicas, which are at most so far behind. */
  readonly lag: number
  /** What is deleted vanishes from lists without a trace. */
  readonly traceless: boolean
  /** The status with which poisoned values are refused. */
  readonly refusal: Refusal
  /** When every device falls asleep for a day and an hour; 0 = never. */
  readonly night: number
  /** When it forgets what has changed since when, and has everybody begin anew; 0 = never. */
  readonly anew: number
}

/** Every way a server may say that it will not have a value (FAULTS C). */
export const refusals = [400, 403, 404, 405, 409, 410, 412, 413, 415, 422, 423, 428, 451] as const
export type Refusal = (typeof refusals)[number]

export const fairServer: ServerWeather = {
  skew: 0,
  jumps: 0,
  ties: 0,
  late: 0,
  lag: 0,
  traceless: false,
  refusal: 422,
  night: 0,
  anew: 0,
}

/** ms for which devices sleep. */
export const nightLong = 25 * 3600_000

/** ms for which the library asks again what it has seen (`overlap` of a route). */
export const overlap = 10_000

/** How long before a checkpoint rows may have times that come to light later: what the library allows for, ms. */
export function lookback({ jumps, late, lag, ties }: ServerWeather): number {
  if (jumps + late > 0 || lag > 0) return overlap
  return ties > 0 ? 1 : 0
}
