import type { Prng } from './prng'
import { fairServer, type ServerWeather } from './server-weather'

/**
 * Half of the servers are fair. What makes rows come to light after later ones (jumps of the clock, late commits) stays
 * together below what the library asks again, 10 s; a replica may be further behind where nothing of that goes on.
 */
export function serverWeather(draw: Prng): ServerWeather {
  const skew = draw.pick([0, 0, 0, -day, day, 45_000])
  const [jumps, late, lag] = draw.pick([
    [0, 0, 0],
    [3_000, 0, 0],
    [0, 9_000, 0],
    [0, 0, 60_000],
    [2_000, 3_000, 4_000],
  ] as const)
  const ties = draw.pick([0, 0.3, 0.8])
  return draw.chance(0.4) ? fairServer : { skew, jumps, ties, late, lag }
}

const day = 24 * 3600_000
