/** What the pill needs of the snapshot. */
interface Standing {
  readonly state: string
  readonly online: boolean
  readonly pushing: boolean
  readonly pending: number
  readonly deadLetters: number
  readonly conflicts: number
  readonly hasSynced: boolean
}

export interface Pill {
  readonly tone: 'good' | 'busy' | 'quiet' | 'bad'
  readonly text: string
}

/** The one thing to know about a device. Pulls without news are not worth a flicker, so only pushes count as busy. */
export function pillOf(status: Standing, networkOn: boolean): Pill {
  const { state, pending } = status
  const waiting = pending > 0 ? ` · ${pending} waiting` : ''
  if (state === 'auth-required') return { tone: 'quiet', text: 'Logged out' }
  if (state === 'outdated') return { tone: 'bad', text: 'Reload: there is a newer release' }
  if (state === 'identity-changed') return { tone: 'bad', text: 'Somebody else is logged in' }
  if (!networkOn) return { tone: 'quiet', text: `Offline${waiting}` }
  if (state === 'paused') return { tone: 'quiet', text: `Paused${waiting}` }
  if (state === 'stopped' || state === 'unavailable') return { tone: 'bad', text: 'Sync is not running' }
  if (status.deadLetters + status.conflicts > 0) return { tone: 'bad', text: 'Needs attention' }
  if (state === 'offline' || !status.online) return { tone: 'bad', text: `No answer${waiting}` }
  if (state === 'starting' || !status.hasSynced) return { tone: 'busy', text: 'Getting started' }
  if (status.pushing) return { tone: 'busy', text: 'Syncing' }
  if (pending > 0) return { tone: 'busy', text: `${pending} waiting` }
  return { tone: 'good', text: 'Synced' }
}
