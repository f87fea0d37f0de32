import type { Effect } from '../history'
import type { Evidence, Invariant } from './invariant'
import { writesIn } from './values'

/** Nothing that one person made on a device reaches the server with the login of another. */
export const isolation: Invariant = {
  name: 'Q12 nothing leaves under another login',
  judge({ history }, reach) {
    return history.effects.flatMap((effect) => {
      if (effect.device !== 'server') reach()
      return strangers(effect, history).map(
        (id) => `${id} reached the server from ${effect.device} with the login of ${effect.user}`,
      )
    })
  },
}

/**
 * Writes made on this device by somebody else than the one whose request it was. A row that its sender has edited since
 * may be theirs as a whole: they saw it, and sent it.
 */
function strangers({ device, user, sent, row, step }: Effect, { writes }: Evidence['history']): string[] {
  const here = [...writes.values()].filter((write) => write.device === device)
  const touched = here.some(
    (write) => write.birth === row.birth && write.step <= step && (write.user ?? user) === user,
  )
  if (touched) return []
  const carried = new Set(writesIn(sent))
  return here
    .filter(({ id, state }) => carried.has(id) && state === 'acknowledged')
    .filter((write) => write.user !== undefined && write.user !== user)
    .map(({ id }) => id)
}
