/** What is shown beside a row that is not settled. */
export type Mark = 'waiting' | 'sending' | 'refused' | 'conflict'

interface Unsettled {
  readonly key: unknown
  readonly state: 'waiting' | 'sent' | 'dead' | 'parked'
}

const marks = { waiting: 'waiting', sent: 'sending', parked: 'conflict', dead: 'refused' } as const
const urgency: readonly Mark[] = ['waiting', 'sending', 'conflict', 'refused']

/**
 * One mark a row: of several changes the one a person has to know of first. Without a network nothing is on its way,
 * not even what was sent and not answered.
 */
export function marksByKey(pending: readonly Unsettled[], networkOn: boolean): ReadonlyMap<unknown, Mark> {
  const found = new Map<unknown, Mark>()
  for (const { key, state } of pending) {
    const before = found.get(key)
    const mark = state === 'sent' && !networkOn ? 'waiting' : marks[state]
    if (!before || urgency.indexOf(mark) > urgency.indexOf(before)) found.set(key, mark)
  }
  return found
}
