import type { Prng } from './prng'

export const spellKinds = ['portal', 'clog'] as const

/**
 * A time in which a device has bad luck with every request.
 *
 * - `portal`: it is behind a captive portal.
 * - `clog`: nothing gets through, either way, and nothing is lost: all of it comes when the spell is over.
 */
export interface Spell {
  readonly kind: (typeof spellKinds)[number]
  /** Place among the devices. */
  readonly device: number
  /** ms since the run began. */
  readonly from: number
  readonly until: number
}

/** The time in which spells begin, ms: most runs are busy that long. */
const busy = 60_000

export function portals(draw: Prng, devices: number): Spell[] {
  return Array.from({ length: draw.between(1, 3) }, () => {
    const from = draw.between(0, busy)
    return {
      kind: 'portal' as const,
      device: draw.between(0, devices - 1),
      from,
      until: from + draw.pick([2_000, 20_000]),
    }
  })
}

/** Stops the devices one after the other and lets them go in another order (FoundationDB calls it swizzle-clogging). */
export function swizzle(draw: Prng, devices: number): Spell[] {
  const begin = draw.between(0, busy)
  const gap = draw.pick([500, 3_000, 10_000])
  const back: number[] = []
  for (let device = 0; device < devices; device++) back.splice(draw.between(0, back.length), 0, device)
  return Array.from({ length: devices }, (_, device) => ({
    kind: 'clog' as const,
    device,
    from: begin + device * gap,
    until: begin + (devices + 1 + back.indexOf(device)) * gap,
  }))
}

/** The spell a device is under at a time. */
export function spellAt(
  spells: readonly Spell[],
  kind: Spell['kind'],
  device: number,
  now: number,
): Spell | undefined {
  return spells.find(
    (one) => one.kind === kind && one.device === device && one.from <= now && now < one.until,
  )
}
