import type { Row } from '../../src/model/change'
import type { SentRequest, StoreChange } from './history'
import { tryOn } from './invariants/controls'
import { device, type Planted, planted } from './invariants/planted-history'
import { fencing } from './invariants/q10-fencing'

const [first, second] = ['d0/t0#0', 'd0/t1#1']

const leader = (epoch: number): StoreChange => ({
  store: '_sync_leader',
  key: 'leader',
  ...(epoch > 1 && { before: { name: 'leader', epoch: epoch - 1 } }),
  after: { name: 'leader', epoch },
})
const fence = (epoch: number, before?: Row): StoreChange => ({
  store: '_sync_fences',
  key: 'f',
  ...(before && { before }),
  after: { id: 'f', epoch },
})
const settled = (epoch: number): StoreChange[] => [
  { store: '_sync_fences', key: 'f', before: { id: 'f', epoch } },
  { store: '_sync_records', key: ['posts', 7], after: { table: 'posts', key: 7 } },
]
const slice: StoreChange = { store: 'posts', key: 7, after: { id: 7, birth: 's1' } }
const pause: StoreChange = { store: '_sync_meta', key: 'paused', after: { name: 'paused', paused: false } }
const checkpoint: StoreChange = { store: '_sync_checkpoints', key: 'posts', after: { scope: 'posts' } }

/** The first tab has sent a request; then the second one leads. */
const succeeded = (): Planted =>
  planted().committedBy(first, leader(1)).committedBy(first, fence(1)).committedBy(second, leader(2))
const sentAgain = (): Planted => succeeded().committedBy(second, fence(2, { id: 'f', epoch: 1 }))

/** Two creates of one birth at a time, where the server has the record under these keys. */
const creates = (keys: readonly number[], ...ops: readonly string[]): Planted => {
  const plant = planted()
  for (const key of keys) plant.reached({ key, row: { birth: 'w1' }, device: 'd1' })
  const sent: SentRequest = {
    device,
    tab: first,
    method: 'POST',
    path: '/api/posts',
    birth: 'w1',
    sentAt: 7,
    sentTime: 7,
    endedAt: 9,
  }
  plant.history.requests.push(...ops.map((idempotencyKey) => ({ ...sent, idempotencyKey })))
  plant.history.requests.push({ ...sent, idempotencyKey: ops[0]!, sentAt: 9 })
  return plant
}

/** A slice of a page is a transaction on all that a page may touch, whatever it does. */
const slicedBy = (plant: Planted, tab: string): Planted => {
  plant.committedBy(tab, slice)
  const { commits } = plant.history
  commits.push({ ...commits.pop()!, stores: ['posts', '_sync_checkpoints', '_sync_leader'] })
  return plant
}

tryOn([
  {
    invariant: fencing,
    right: {
      'creates of two records that the server has made of one': creates([1, 2], 'a', 'b'),
      'a page of who leads': succeeded().committedBy(second, slice, checkpoint),
      'the answer to a request of one’s own, by a leader of old': succeeded().committedBy(
        first,
        ...settled(1),
      ),
      'the answer of a request sent again by who leads': sentAgain().committedBy(second, ...settled(2)),
      'a pause by who leads': succeeded().committedBy(second, pause),
      'a write of the app in any tab': succeeded().committedBy(
        first,
        { store: 'posts', key: 7, after: { id: 7 } },
        { store: '_sync_log', key: 1, after: { seq: 1, changes: [] } },
      ),
      'a dead letter given up in any tab': succeeded().committedBy(first, slice, {
        store: '_sync_letters',
        key: 'l',
        before: { id: 'l' },
      }),
      'a request put back as it was, answered to who sent it': succeeded()
        .committedBy(second, { store: '_sync_fences', key: 'f', before: { id: 'f', epoch: 1 } })
        .committedBy(second, fence(1))
        .committedBy(first, ...settled(1)),
    },
    wrong: {
      'a pause by a leader of old': succeeded().committedBy(first, pause),
      'two creates of one record': creates([1], 'a', 'b'),
      'two creates under one key, of a record that is there twice': creates([1, 2], 'a', 'a'),
      'a page of a leader of old': succeeded().committedBy(first, slice, checkpoint),
      'a slice of a page of a leader of old': slicedBy(succeeded(), first),
      'an answer for a request that another leader has sent again': sentAgain().committedBy(
        first,
        ...settled(1),
      ),
      'an answer for a request that is settled': sentAgain()
        .committedBy(second, ...settled(2))
        .committedBy(first, settled(1)[1]!),
      'a sign of life of a leader of old': succeeded().committedBy(first, {
        store: '_sync_leader',
        key: 'leader',
        before: { name: 'leader', epoch: 2, heartbeat: 1 },
        after: { name: 'leader', epoch: 2, heartbeat: 2 },
      }),
    },
  },
])
