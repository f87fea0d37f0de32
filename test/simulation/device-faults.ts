import type { Place } from './operations'
import { type Prng, prng } from './prng'
import type { Swarm } from './swarm'

/** What befalls devices and their tabs besides what the operations do. */
export const deviceFaults = [
  'kill-writing',
  'freeze',
  'sleep',
  'rob-locks',
  'withhold-locks',
  'hide',
  'set-clock',
  'quota-write',
  'quota-page',
  'lose-connection',
  'stop-start',
  'resync',
  'power-loss',
  'evict',
  'lose-checkpoints',
  'upgrade',
] as const

/**
 * - `kill-writing`: a tab is killed while a read-write transaction of it is open, or some steps later.
 * - `freeze`: nothing of a tab runs for a while, after it was told so or without a word; its locks stay its own.
 * - `sleep`: so do all tabs of the device, without a word.
 * - `rob-locks`: a tab loses its locks to nobody.
 * - `withhold-locks`: no lock of the device is granted for a while.
 * - `hide`: the page is hidden for a while, and its timers ring once a minute.
 * - `set-clock`: the clock of the device is set.
 * - `quota-write`, `quota-page`: the disk is full for a transaction of the app, or for one that applies a page.
 * - `stop-start`: the app stops the engine of a tab that goes on living, and starts it again later.
 * - `resync`: the app has everything fetched anew, in the middle of whatever goes on.
 * - `lose-connection`: the connections of a tab to the database die, in the middle of a transaction or between two.
 * - `power-loss`: the power fails, and the last commits were not on disk yet: they are gone, and so are the tabs.
 * - `evict`: all the device has stored is gone. What it had not sent is lost; it begins as a device of its own.
 * - `upgrade`: a newer release of the app wants a newer version of the database, and keeps it to itself for a while.
 * - `lose-checkpoints`: somebody removes the checkpoints, and nothing else.
 */
export type DeviceFault = (typeof deviceFaults)[number]

export type DeviceFaultAction =
  | (Place & {
      readonly kind: 'kill-writing'
      /** Steps to wait for a transaction, and from its first on. */
      readonly within: number
      readonly afterSteps: number
      readonly reopenAfter: number
      readonly locksAfter: number
    })
  | (Place & { readonly kind: 'freeze'; readonly lasting: number; readonly told: boolean })
  | (Place & {
      readonly kind: 'sleep' | 'withhold-locks' | 'hide' | 'stop-start' | 'upgrade'
      readonly lasting: number
    })
  | (Place & { readonly kind: 'rob-locks' | 'resync' | 'lose-checkpoints' })
  | (Place & { readonly kind: 'power-loss'; readonly commits: number; readonly reopenAfter: number })
  | (Place & { readonly kind: 'evict'; readonly reopenAfter: number })
  | (Place & {
      readonly kind: 'quota-write' | 'quota-page' | 'lose-connection'
      /** Steps to wait for a transaction, and how many of those in which one is open go by. */
      readonly within: number
      readonly skip: number
    })
  | (Place & { readonly kind: 'set-clock'; readonly by: number })

export function isDeviceFault<A extends { readonly kind: string }>(
  action: A,
): action is Extract<A, DeviceFaultAction> {
  return deviceFaults.some((kind) => kind === action.kind)
}

/** Each kind in a stream of its own: one more does not move the others. */
export function deviceFaultsOf(
  seed: number,
  config: Swarm,
  times: readonly number[],
): (DeviceFaultAction & { readonly at: number })[] {
  return deviceFaults.flatMap((kind) => {
    const draw = prng(seed, `device: ${kind}`)
    return Array.from({ length: config.deviceFaults[kind] ?? 0 }, () => {
      // Among what the app does, or just after: alone it would strike idle devices.
      const at = draw.pick(times) + draw.pick([0, 0, 20, 400])
      const place = { device: draw.between(0, config.devices - 1), tab: draw.between(0, config.tabs - 1) }
      return { ...action(kind, draw, place, config), at }
    })
  })
}

function action(kind: DeviceFault, draw: Prng, place: Place, config: Swarm): DeviceFaultAction {
  switch (kind) {
    case 'kill-writing':
      return {
        ...place,
        kind,
        within: 2_000,
        afterSteps: draw.between(0, 5),
        reopenAfter: draw.pick([0, 50, 5_000]),
        locksAfter: config.lateLocks === 0 ? 0 : draw.between(0, config.lateLocks),
      }
    case 'freeze':
      return { ...place, kind, lasting: draw.pick([500, 20_000, 120_000]), told: draw.chance(0.5) }
    case 'sleep':
      return { ...place, kind, lasting: draw.pick([1_000, 30_000, 200_000]) }
    case 'stop-start':
      return { ...place, kind, lasting: draw.pick([0, 300, 20_000]) }
    case 'power-loss':
      return { ...place, kind, commits: draw.pick([1, 2, 4, 16]), reopenAfter: draw.pick([50, 5_000]) }
    case 'evict':
      return { ...place, kind, reopenAfter: draw.pick([50, 5_000]) }
    case 'lose-checkpoints':
    case 'rob-locks':
    case 'resync':
      return { ...place, kind }
    case 'upgrade':
      return { ...place, kind, lasting: draw.pick([10, 1_000, 30_000]) }
    case 'withhold-locks':
      return { ...place, kind, lasting: draw.pick([1_000, 20_000, 90_000]) }
    case 'hide':
      return { ...place, kind, lasting: draw.pick([10_000, 200_000]) }
    case 'quota-write':
    case 'quota-page':
      return { ...place, kind, within: 4_000, skip: draw.between(0, 6) }
    case 'lose-connection':
      return { ...place, kind, within: draw.pick([1, 2_000]), skip: draw.between(0, 6) }
    case 'set-clock':
      return {
        ...place,
        kind,
        by: draw.pick([-86_400_000, -3_600_000, -5_000, 5_000, 3_600_000, 86_400_000]),
      }
  }
}
