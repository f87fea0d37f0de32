import type { Row } from '../../src/model/change'
import type { RulingMoment, StoreChange } from './history'
import { tryOn } from './invariants/controls'
import type { Evidence } from './invariants/invariant'
import { device, entry, type Planted, planted, tab } from './invariants/planted-history'
import { policies } from './invariants/q8-policies'
import { epoch } from './tab-environment'

const noon = epoch + 60_000
const row = (title: string, at: number, more: Row = {}): Row => ({
  id: 7,
  birth: 'w1',
  title,
  body: 'w1',
  updated_at: at,
  ...more,
})
const base = row('w1', noon - 2_000)
const local = row('w2', noon - 2_000)
const remote = row('s1', noon)

/** The title was changed on both sides; here at `madeAt`. */
const waiting = (conflicts: Evidence['conflicts'][string], madeAt = noon + 1_000, asks = false): Planted =>
  planted({ conflicts: { posts: conflicts }, asks }).committed(
    { store: 'posts', key: 7, before: base, after: local },
    {
      store: '_sync_log',
      key: 1,
      after: {
        ...entry({ kind: 'update', key: 7, set: { title: 'w2' }, before: base }),
        identity: '',
        stamp: { time: madeAt, count: 0, node: 'tab' },
      },
    },
  )

const met = (state: 'decided' | 'parked', stored: Row, more: Row = {}): StoreChange[] => [
  { store: 'posts', key: 7, before: local, after: stored },
  {
    store: '_sync_conflicts',
    key: 'c',
    after: { id: 'c', table: 'posts', key: 7, code: 'conflict', state, base, local, remote, ...more },
  },
]

const asked = (ruling: RulingMoment['ruling']): Planted => {
  const plant = waiting({ policy: 'server-wins' }, noon, true)
  plant.history.rulings.push({ table: 'posts', base, local, remote, ruling })
  return plant
}

const hear = ({ history }: Planted, step: number, heardAt: number, trip: number): void => {
  history.requests.push({
    device,
    tab,
    method: 'GET',
    path: '/api/posts',
    sentAt: step,
    endedAt: step,
    sentTime: heardAt - trip,
    endedTime: heardAt,
    tellsTime: true,
  })
}

/** The tab hears the time of the server, asked 100 ms before; then the app writes, stamped so far off. */
const heardAndStamped = (plant: Planted, step: number, heardAt: number, ahead: number): Planted => {
  hear(plant, step, heardAt, 100)
  return plant.committed({
    store: '_sync_log',
    key: step,
    after: { ...entry({}), stamp: { time: epoch + 1 + ahead, count: 0, node: 'tab' } },
  })
}

const stamped = (ahead: number, skew = 0): Planted => {
  const plant = planted()
  plant.history.clocks.push({ step: -1, device, skew })
  return heardAndStamped(plant, 0, -1_000, ahead)
}

/** As {@link stamped}, after an answer that took half a minute. */
const stampedAfterSlow = (ahead: number): Planted => {
  const plant = planted()
  plant.history.clocks.push({ step: -1, device, skew: 0 })
  hear(plant, 0, -10_000, 30_000)
  return heardAndStamped(plant, 0, -1_000, ahead)
}

/** The clock is set, and the server is heard again while the app is writing. */
const stampedBeforeHeard = (skew: number): Planted => {
  const plant = stamped(0).wrote({ id: 'w' })
  plant.history.clocks.push({ step: 1, device, skew })
  return heardAndStamped(plant, 2, 0, skew)
}

const day = 24 * 3600_000
const mine = { ...remote, title: 'w2' }

tryOn([
  {
    invariant: policies,
    right: {
      'the local value with merge': waiting({ policy: 'merge' }).committed(...met('decided', mine)),
      'the server’s with server-wins': waiting({ policy: 'server-wins' }).committed(
        ...met('decided', remote),
      ),
      'the later one with lww, which is ours': waiting({ policy: 'lww' }).committed(...met('decided', mine)),
      'the later one with lww, which is theirs': waiting({ policy: 'lww' }, noon - 1_000).committed(
        ...met('decided', remote),
      ),
      'the rule of a field before the policy': waiting({
        policy: 'merge',
        fields: { title: 'server' },
      }).committed(...met('decided', remote)),
      'both rows with park': waiting({ policy: 'park' }).committed(...met('parked', local)),
      'what the app ruled before the policy': asked('local').committed(...met('decided', mine)),
      'the policy where the app had nothing to say': asked(undefined).committed(...met('decided', remote)),
      'a person, once the server has said "conflict" too often': waiting({ policy: 'merge' }).committed(
        ...met('parked', local),
        { store: '_sync_records', key: ['posts', 7], after: { table: 'posts', key: 7, rounds: 6 } },
      ),
      'a stamp as exact as an answer': stamped(900),
      'a stamp of a transaction that began before the server was heard': stampedBeforeHeard(-day),
      'a stamp that stays ahead of a clock that was': stamped(4 * 60_000, day),
      'a stamp that stays ahead as a slow answer told': stampedAfterSlow(20_000),
    },
    wrong: {
      'the server’s value with merge': waiting({ policy: 'merge' }).committed(...met('decided', remote)),
      'the earlier one with lww': waiting({ policy: 'lww' }, noon - 1_000).committed(...met('decided', mine)),
      'a policy against the rule of a field': waiting({
        policy: 'merge',
        fields: { title: 'server' },
      }).committed(...met('decided', mine)),
      'a decision with park': waiting({ policy: 'park' }).committed(...met('decided', mine)),
      'a person where a policy decides': waiting({ policy: 'merge' }).committed(...met('parked', local)),
      'the policy against the app': asked('local').committed(...met('decided', remote)),
      'a conflict where nobody disagrees': waiting({ policy: 'merge' }).committed(
        ...met('decided', mine, { remote: base }),
      ),
      'a field that was lost on the way': waiting({ policy: 'merge' }).committed(
        ...met('decided', { ...mine, body: 'gone' }),
      ),
      'a stamp by the clock of a device that is behind': stamped(-day, -day),
      'a stamp by the clock of a device that is ahead': stamped(day, day),
      'a stamp further ahead than a slow answer told': stampedAfterSlow(60_000),
    },
  },
])
