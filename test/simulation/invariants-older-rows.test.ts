import type { Row } from '../../src/model/change'
import type { StoreChange } from './history'
import { tryOn } from './invariants/controls'
import { type Planted, planted } from './invariants/planted-history'
import { sessions } from './invariants/q9-session'
import { fairServer } from './server-weather'

const row = (title: string, at: number): Row => ({
  id: 7,
  birth: 'w1',
  title,
  body: 'w1',
  updated_at: at,
})

const checkpoint = (after: Row): StoreChange => ({ store: '_sync_checkpoints', key: 'posts', after })

/** The row comes, then an older one. */
const first = (plant: Planted): Planted =>
  plant.committed({ store: 'posts', key: 7, after: row('w1', 10) }, checkpoint({ scope: 'posts' }))
const older = (plant: Planted): Planted =>
  plant.committed(
    { store: 'posts', key: 7, before: row('w1', 10), after: row('w0', 9) },
    checkpoint({ scope: 'posts' }),
  )

const lagging = (unordered: string[]): Planted =>
  older(first(planted({ serverWeather: { ...fairServer, lag: 60_000 }, unordered: new Set(unordered) })))

/** Somebody has removed the checkpoint. */
const beginsAgain = (): Planted =>
  first(planted()).committed({ store: '_sync_checkpoints', key: 'posts', before: { scope: 'posts' } })

tryOn([
  {
    invariant: sessions,
    right: {
      'an older row from a replica, where nothing tells the age of rows': lagging(['posts']),
      'an older row where the checkpoint is lost': older(beginsAgain()),
    },
    wrong: {
      'a version that goes back': older(first(planted())),
      'an older row from a replica, where rows have an order': lagging(['comments']),
      'a version that goes back after a pull from the start': older(
        beginsAgain().committed(checkpoint({ complete: true })),
      ),
    },
  },
])
