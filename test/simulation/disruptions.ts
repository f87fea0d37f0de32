import type { Place } from './operations'
import type { Prng } from './prng'
import type { Swarm } from './swarm'

/** What befalls tabs, connections and logins in most runs. */
export type Disruption =
  | (Place & {
      readonly kind: 'kill'
      /** Steps from now: kills are indexed by step, or none would fall into a transaction. */
      readonly afterSteps: number
      readonly reopenAfter: number
      readonly locksAfter: number
    })
  | (Place & { readonly kind: 'reload'; readonly reopenAfter: number })
  | (Place & { readonly kind: 'second-leader' })
  | { readonly kind: 'offline'; readonly device: number; readonly lasting: number }
  /** Somebody else uses the device for a while. */
  | (Place & { readonly kind: 'other-user'; readonly lasting: number })
  /** The app signs out whose data it is, and somebody logs in. */
  | (Place & {
      readonly kind: 'sign-out'
      readonly pending: 'refuse' | 'push' | 'keep' | 'discard'
      readonly next: 'ada' | 'bea'
    })

export function disruption(draw: Prng, config: Swarm, place: Place): Disruption {
  const kinds = [
    'kill',
    'kill',
    'kill',
    'reload',
    'offline',
    ...(config.splitBrain ? ['second-leader'] : []),
    ...(config.severalUsers ? ['other-user', 'other-user', 'sign-out', 'sign-out'] : []),
  ] as const
  const reopenAfter = draw.pick([0, 50, 5_000])
  switch (draw.pick(kinds)) {
    case 'reload':
      return { ...place, kind: 'reload', reopenAfter }
    case 'offline':
      return { kind: 'offline', device: place.device, lasting: draw.pick([200, 3_000, 10_000, 60_000]) }
    case 'second-leader':
      return { ...place, kind: 'second-leader' }
    case 'sign-out':
      return {
        ...place,
        kind: 'sign-out',
        pending: draw.pick(['refuse', 'push', 'keep', 'discard'] as const),
        next: draw.pick(['ada', 'bea'] as const),
      }
    case 'other-user':
      return { ...place, kind: 'other-user', lasting: draw.pick([100, 5_000, 60_000]) }
    default:
      return {
        ...place,
        kind: 'kill',
        afterSteps: draw.between(0, draw.pick([20, 100, 400])),
        reopenAfter,
        locksAfter: config.lateLocks === 0 ? 0 : draw.between(0, config.lateLocks),
      }
  }
}
