import type { Prng } from '../simulation/prng'

/** What befalls a request. */
export type Fault =
  /** It arrives late. */
  | 'delay'
  /** The connection breaks before it arrives. */
  | 'drop before'
  /** It arrives, and the connection breaks before the answer. */
  | 'drop after'
  /** 503 with Retry-After. */
  | 'busy'
  /** The connection breaks in the middle of the answer. */
  | 'cut'
  /** 200 with a web page, as in a hotel. */
  | 'portal'
  /** Nobody is reached for a while. */
  | 'offline'

/** How many of 1,000 requests each befalls. */
const rates: readonly (readonly [Fault, number])[] = [
  ['delay', 60],
  ['drop before', 10],
  ['drop after', 15],
  ['busy', 8],
  ['cut', 15],
  ['portal', 5],
  ['offline', 3],
]

export const faults: readonly Fault[] = rates.map(([fault]) => fault)

/** The fault of one request, undefined = none. */
export function drawFault(chance: Prng): Fault | undefined {
  let place = chance.between(1, 1_000)
  for (const [fault, rate] of rates) {
    place -= rate
    if (place <= 0) return fault
  }
  return undefined
}
