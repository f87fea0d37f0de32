import type { Prng } from './prng'
import { fairServer, refusals, type ServerWeather } from './server-weather'
import type { RouteShape } from './swarm'

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
  const clock = draw.chance(0.4) ? fairServer : { ...fairServer, skew, jumps, ties, late, lag }
  // A replica that shows again what was deleted, and nobody who says that it was: that cannot be borne.
  const traceless = draw.chance(0.15) && clock.lag === 0
  return {
    ...clock,
    traceless,
    refusal: draw.pick(refusals),
    night: draw.chance(0.4) ? draw.between(5_000, 60_000) : 0,
    anew: 0,
  }
}

/** Now and then a server has lost track, as one that was restored has (FAULTS B10, B13). */
export function beginsAnew(draw: Prng): number {
  return draw.chance(0.15) ? draw.between(5_000, 60_000) : 0
}

/** How the rows of a table can be put in order: by their version, by the time of the checkpoint, or not at all. */
export function order(draw: Prng): RouteShape['order'] {
  return draw.pick([undefined, 'time', 'version'] as const)
}

const day = 24 * 3600_000
