import type { Weather } from './network'
import { type NetworkFault, networkFaults, ofWrites } from './network-faults'
import type { Prng } from './prng'
import { portals, swizzle } from './spells'

/** Most faults are off in most runs; in a fifth of them the sky is clear. */
export function weather(draw: Prng, devices: number): Weather {
  const rates: Partial<Record<NetworkFault, number>> = {}
  for (const fault of networkFaults) {
    // Writes are rare among requests: what befalls only them must be more probable.
    if (ofWrites.has(fault) ? draw.chance(0.35) : draw.chance(0.2))
      rates[fault] = draw.pick(ofWrites.has(fault) ? [0.1, 0.3] : [0.02, 0.1, 0.25])
  }
  return {
    rates: draw.chance(0.2) ? {} : rates,
    latency: draw.pick([5, 80, 1_500]),
    spells: [
      ...(draw.chance(0.15) ? portals(draw, devices) : []),
      ...(draw.chance(0.3) ? swizzle(draw, devices) : []),
    ],
  }
}
