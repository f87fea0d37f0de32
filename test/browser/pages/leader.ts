import Dexie, { type Table } from 'dexie'
import { browserEnvironment } from '../../../src/environment'
import { createLeadership, type Heartbeat, type LeaderRow, type Leadership } from '../../../src/tabs/leader'

/** What the test hears of a page, as it happens. */
export interface Said {
  readonly tab: string
  readonly what: 'ready' | 'leads' | 'leads no more' | 'error'
  readonly epoch?: number
  /** With `leads`: no other page was leading. */
  readonly alone?: boolean
  readonly detail?: string
}

export interface LeaderPage {
  readonly leadership: Leadership
  setWork(work: boolean): void
  /** Makes the heartbeat in the database older by `ms`. */
  age(ms: number): Promise<void>
}

declare global {
  interface Window {
    say(said: Said): Promise<void>
    leaderPage: LeaderPage
  }
}

const tab = new URLSearchParams(location.search).get('tab') ?? ''
const env = browserEnvironment()
const db = new Dexie('leadership')
db.version(1).stores({ leader: 'name' })
const table: Table<Heartbeat & { name: string }, string> = db.table('leader')

const row: LeaderRow = {
  read: () => table.get('leader'),
  claim: (claimer, now) =>
    db.transaction('rw', table, async () => {
      const epoch = ((await table.get('leader'))?.epoch ?? 0) + 1
      await table.put({ name: 'leader', epoch, tab: claimer, heartbeat: now, hidden: false })
      return epoch
    }),
  beat: (epoch, heartbeat, hidden) =>
    db.transaction('rw', table, async () => {
      if ((await table.get('leader'))?.epoch !== epoch) return false
      await table.update('leader', { heartbeat, hidden })
      return true
    }),
}

let hasWork = false
const page: LeaderPage = {
  setWork(work) {
    hasWork = work
  },
  async age(ms) {
    const seen = await table.get('leader')
    await table.update('leader', { heartbeat: (seen?.heartbeat ?? 0) - ms })
  },
  leadership: createLeadership({
    env,
    channel: env.channel('leadership'),
    row,
    tab,
    dbName: 'leadership',
    hasWork: () => hasWork,
    async lead(epoch, lost) {
      // A lock of the test's own, free while nobody else leads, whatever the code under test believes.
      await navigator.locks.request('witness', { ifAvailable: true }, async (free) => {
        void window.say({ tab, what: 'leads', epoch, alone: free !== null })
        await new Promise((resolve) => lost.addEventListener('abort', resolve, { once: true }))
        void window.say({ tab, what: 'leads no more', epoch })
      })
    },
    report: (error) => void window.say({ tab, what: 'error', detail: String(error) }),
  }),
}
window.leaderPage = page
page.leadership.start()
void window.say({ tab, what: 'ready' })
