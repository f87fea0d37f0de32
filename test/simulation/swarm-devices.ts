import type { MessageShape } from './crooked-messages'
import type { DeviceFault } from './device-faults'
import type { Prng } from './prng'

/** Rarely one more than the seed had drawn: a run of four takes its time. */
export function deviceCount(draw: Prng, usual: number): number {
  return draw.chance(0.1) ? 4 : usual
}

/** How far clocks are off, ms. */
export function skews(draw: Prng, count: number): number[] {
  return Array.from({ length: count }, () => draw.pick([0, 0, -day, day, 90_000]))
}

const day = 24 * 3600_000

/** How often each fault strikes the devices of a run. Most do not in most runs. */
export function deviceFaultCounts(stream: (name: string) => Prng): Partial<Record<DeviceFault, number>> {
  const some = (kind: DeviceFault, probability: number, most: number) => {
    const draw = stream(kind)
    return draw.chance(probability) ? draw.between(1, most) : 0
  }
  return {
    // Most runs: what is left half done is what the promise is about.
    'kill-writing': some('kill-writing', 0.85, 4),
    freeze: some('freeze', 0.3, 3),
    sleep: some('sleep', 0.25, 3),
    'rob-locks': some('rob-locks', 0.25, 4),
    'withhold-locks': some('withhold-locks', 0.2, 3),
    hide: some('hide', 0.25, 3),
    'set-clock': some('set-clock', 0.25, 3),
    'quota-write': some('quota-write', 0.25, 4),
    'quota-page': some('quota-page', 0.25, 4),
    'lose-connection': some('lose-connection', 0.25, 3),
    'stop-start': some('stop-start', 0.25, 4),
    resync: some('resync', 0.25, 3),
    'power-loss': some('power-loss', 0.25, 3),
    evict: some('evict', 0.25, 2),
    'lose-checkpoints': some('lose-checkpoints', 0.25, 3),
    upgrade: some('upgrade', 0.25, 2),
  }
}

/** Most runs have messages that come as they should. */
export function messages(draw: Prng): MessageShape {
  return { late: draw.pick([0, 0, 0.05, 0.3]), twice: draw.pick([0, 0, 0.05, 0.3]) }
}
