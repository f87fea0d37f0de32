import type { Board } from './board'

export interface Happening {
  readonly number: number
  /** ms. */
  readonly at: number
  readonly tone: 'good' | 'bad' | 'plain'
  readonly text: string
}

/** The last things sync did, in words, as a store for React. */
export function createActivity(sync: Board['sync'], longest = 30) {
  let happenings: readonly Happening[] = []
  let count = 0
  const listeners = new Set<() => void>()

  function say(text: string, tone: Happening['tone'] = 'plain'): void {
    happenings = [{ number: ++count, at: Date.now(), text, tone }, ...happenings].slice(0, longest)
    for (const changed of listeners) changed()
  }

  sync.on('push-complete', ({ pushed }) => {
    if (pushed > 0) say(`Sent ${changes(pushed)}`, 'good')
  })
  sync.on('pull-complete', ({ pulled }) => {
    if (pulled > 0) say(`Received ${changes(pulled)}`, 'good')
  })
  sync.on('key-assigned', ({ table, key }) => say(`A new row of ${table} is number ${String(key)} now`))
  sync.on('dead-letter', ({ table }) => say(`The server refused a change in ${table}`, 'bad'))
  sync.on('conflict', ({ fields, decision }) =>
    say(`Two changes of ${fields.join(', ') || 'one row'}: ${decisions[decision]}`),
  )
  sync.on('sync-error', ({ reason }) => say(`Could not sync: ${reason.message ?? reason.code}`, 'bad'))
  sync.on('auth-required', () => say('Waits for a login'))
  sync.on('leader-change', () => say('A tab took the lead'))
  sync.on('offline', () => say('Went offline'))
  sync.on('online', () => say('Back online'))

  return {
    getSnapshot: () => happenings,
    subscribe(changed: () => void) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
  }
}

const decisions = {
  local: 'yours stands',
  remote: 'theirs stands',
  merged: 'joined',
  parked: 'you choose',
}

function changes(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`
}

export type Activity = ReturnType<typeof createActivity>
