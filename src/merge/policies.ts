import type { Row } from '../model/change'
import type { Policy } from '../model/table'

/** Whose side a conflict is settled on; `park` = a person decides. */
export type Choice = 'local' | 'remote' | 'park'

interface Sides {
  readonly base: Row | null | undefined
  readonly local: Row | null
  readonly remote: Row | null
}

/**
 * What each policy says of a conflict.
 *
 * - `server-wins`: the server's value of every field both sides changed; a deletion there stands.
 * - `client-wins`: the local value; a row deleted there is made again.
 * - `merge`: fields changed on one side only keep that change anyway; where both changed one, the local value; an edit
 *   beats a deletion, whoever made it; without a common base nobody can tell, so a person decides.
 */
export function choose(policy: Policy, sides: Sides): Choice {
  return policies[policy](sides)
}

const policies: Record<Policy, (sides: Sides) => Choice> = {
  'server-wins': () => 'remote',
  'client-wins': () => 'local',
  merge: ({ base, local, remote }) => {
    if (local === null) return 'remote'
    if (remote === null) return 'local'
    return base ? 'local' : 'park'
  },
}
