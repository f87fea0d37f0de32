import type { Row } from '../../src/model/change'
import { tryOn } from './invariants/controls'
import { device, entry, type Planted, planted, tab } from './invariants/planted-history'
import { sessions } from './invariants/q9-session'
import { fairServer } from './server-weather'

const row = (at: number): Row => ({ id: 7, birth: 'w1', title: 'w1', body: 'w1', updated_at: at })
const checkpoint = { store: '_sync_checkpoints', key: 'posts', after: { scope: 'posts' } }
/** What an answer may be, and what befalls the device after it. */
interface Told {
  readonly ended?: string
  readonly endedTime?: number
  readonly clockSet?: true
}

/** Lists come from replicas that lag. The app deleted a row of version 10, and the server answered. */
const deleted = ({ ended = '204', endedTime = 40, clockSet }: Told, unordered: string[] = []): Planted => {
  const plant = planted({ serverWeather: { ...fairServer, lag: 60_000 }, unordered: new Set(unordered) })
    .committed({ store: 'posts', key: 7, after: row(10) }, checkpoint)
    .wrote({ id: 'w3', kind: 'delete', birth: 'w1', fields: [] })
    .committed(
      { store: 'posts', key: 7, before: row(10) },
      { store: '_sync_log', key: 2, after: entry({ kind: 'delete', key: 7, before: row(10) }) },
    )
    .reached({ key: 7, method: 'DELETE', before: row(10), row: row(30), sent: {} })
  const sent = { device, tab, method: 'DELETE', path: '/api/posts/7', sentAt: 3, sentTime: 3 }
  plant.history.requests.push({ ...sent, answered: 204, endedAt: 4, ended, endedTime })
  if (clockSet) plant.history.clocks.push({ step: 5, device, skew: 86_400_000 })
  return plant.wrote({ id: 'w4' }).wrote({ id: 'w5' })
}
/** A page of such a replica. */
const shows = (plant: Planted, at: number): Planted =>
  plant.committed({ store: 'posts', key: 7, after: row(at) }, checkpoint)

tryOn([
  {
    invariant: sessions,
    right: {
      'a newer version than was deleted here, of which no receipt tells': shows(deleted({}), 20),
      'what was deleted, where nothing tells the age of rows': shows(deleted({}, ['posts']), 10),
      'what was deleted, where nobody has heard that it is': shows(deleted({ ended: 'failed' }), 10),
      'what was deleted long ago': shows(deleted({ endedTime: -600_000 }), 10),
      'what was deleted before the clock of the device was set': shows(deleted({ clockSet: true }), 10),
    },
    wrong: {
      'the version that was deleted, once the server has said yes': shows(deleted({}), 10),
      'one from before the version that was deleted': shows(deleted({}), 9),
    },
  },
])
