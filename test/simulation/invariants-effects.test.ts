import type { Row } from '../../src/model/change'
import type { SentRequest } from './history'
import { tryOn } from './invariants/controls'
import { captured, device, entry, type Planted, planted } from './invariants/planted-history'
import { noDuplicates } from './invariants/q3-no-duplicates'
import { causalOrder } from './invariants/q4-causal-order'
import { keptFor } from './server-keys'

const made: Row = { birth: 'w1', title: 'w1', body: 'w1' }
const edited: Row = { ...made, title: 'w2' }

/** A row was made and edited here, and both have arrived; then others have changed what had been there first. */
const changedByOthers = (): Planted =>
  planted()
    .wrote({ id: 'w1' })
    .committed(...captured(1, made))
    .wrote({ id: 'w2', kind: 'update', birth: 'w1' })
    .committed(
      { store: 'posts', key: 1, before: made, after: edited },
      { store: '_sync_log', key: 2, after: entry({ kind: 'update', key: 1, set: { title: 'w2' } }) },
    )
    .reached({ key: 1, row: edited })
const met = (more: Row): Planted =>
  changedByOthers().committed({
    store: '_sync_conflicts',
    key: 'c',
    after: { id: 'c', table: 'posts', key: 1, state: 'decided', decision: 'local', ...more },
  })
const sent = (plant: Planted): Planted =>
  plant.reached({
    key: 1,
    method: 'PUT',
    before: { ...edited, body: 's1' },
    row: edited,
    sent: { ...edited, votes: 1 },
  })
/** Others have changed what was edited last, and deleted the row; one more edit here has made it anew. */
const madeAnew = (plant: Planted): Planted =>
  plant.reached({ key: 1, row: theirs, sent: { ...theirs, votes: 1 } })
const theirs: Row = { ...made, title: 's1' }
/** A row made here was edited under its first key, then under the one a page brought it under, if it did; then it is one. */
const twins = (twice: boolean): Planted => {
  const plant = planted()
    .wrote({ id: 'w1' })
    .committed(...captured(-1, made))
  if (twice) plant.committed({ store: 'posts', key: 1, after: made })
  return plant
    .wrote({ id: 'w2', kind: 'update', birth: 'w1' })
    .committed({ store: 'posts', key: -1, before: made, after: edited })
    .wrote({ id: 'w3', kind: 'update', birth: 'w1' })
    .committed({ store: 'posts', key: twice ? 1 : -1, before: edited, after: { ...made, title: 'w3' } })
    .reached({ key: 1, method: 'PATCH', before: made, row: made, sent: { title: 'w3' } })
    .committed({ store: '_sync_aliases', key: 'a', after: { table: 'posts', temporary: -1, key: 1 } })
    .committed({
      store: '_sync_conflicts',
      key: 'c',
      after: { table: 'posts', key: 1, base: made, local: edited, remote: { ...made, title: 'w3' } },
    })
    .reached({ key: 1, method: 'PATCH', before: made, row: edited, sent: { title: 'w2' } })
    .reached({ key: 1, method: 'PATCH', before: edited, row: edited, sent: { body: 'w1', tag: 'w3' } })
}
/** What is newest arrives once more. */
const andAgain = (plant: Planted): Planted =>
  plant.reached({ key: 1, method: 'PATCH', before: made, row: edited, sent: { title: 'w2' } })

/** A create goes again under its key when so much time has passed; `between`: who has deleted what it made. */
const madeAgain = (after: number, between?: string): Planted => {
  const plant = planted().reached({ key: 'n', row: made, idempotencyKey: 'a', at: 1 })
  if (between)
    plant.reached({ key: 'n', row: made, before: made, method: 'DELETE', device: between, at: 2, sent: {} })
  return plant.reached({ key: 'n', row: made, idempotencyKey: 'a', at: 1 + after })
}

/** The same, in a tab of its own, after the clock was set by so many ms; `before`: what the tab had asked before. */
const afterSetting = (by: number, after: number, before: Partial<SentRequest> = {}): Planted => {
  const plant = madeAgain(after)
  const { step } = plant.history.effects.at(-1)!
  plant.history.clocks.push({ step: 0, device, skew: 0 }, { step: step - 0.5, device, skew: by })
  const request = { device, tab: 'd0/t0#9', method: 'POST', path: '/api/posts', sentTime: 0 }
  plant.history.requests.push(
    { ...request, sentAt: 1, tab: 'd0/t0#0', answered: 201, endedAt: 1, idempotencyKey: 'a' },
    { ...request, method: 'GET', sentAt: 1, ...before },
    { ...request, sentAt: step, idempotencyKey: 'a' },
  )
  return plant
}

tryOn([
  {
    invariant: causalOrder,
    right: {
      'a value of a row that was here under two keys, which a conflict has decided for': twins(true),
      'a value that is there again, as the whole row of the device won': andAgain(
        sent(met({ base: edited, local: { ...edited, votes: 1 }, remote: { ...edited, body: 's1' } })),
      ),
      'a value of a row that others had deleted, as the row of the device won': andAgain(
        madeAnew(met({ base: theirs, local: { ...theirs, votes: 1 }, remote: null })),
      ),
    },
    wrong: {
      'a value of a row that others had deleted, for no reason': madeAnew(changedByOthers()),
      'and where what had been there was another row': madeAnew(
        met({ base: { title: 's1' }, local: { ...theirs, votes: 1 }, remote: null }),
      ),
      'a value of a row that was here once, which a conflict has decided for': twins(false),
      'a value that is there again for no reason': sent(changedByOthers()),
      'and where a conflict was about another field': sent(
        met({ base: edited, local: { ...edited, votes: 1 }, remote: edited }),
      ),
    },
  },
  {
    invariant: noDuplicates,
    right: {
      'once more when the key is forgotten and others have deleted it': madeAgain(keptFor, 'server'),
      'once more when the key is forgotten and seems young by a clock that was set back': afterSetting(
        -2,
        keptFor,
      ),
    },
    wrong: {
      'once more while the key is known': madeAgain(keptFor - 1, 'server'),
      'once more though nobody else has deleted it': madeAgain(keptFor, 'd0'),
      'once more though it is there': madeAgain(keptFor),
      'once more while the key is known, with a clock that was set back': afterSetting(-2, keptFor - 1),
      'once more though the key is old by the clock that was set back': afterSetting(-2, keptFor + 2),
      'once more with a clock that was set forward': afterSetting(2, keptFor),
      'once more where the server had told its time': afterSetting(-2, keptFor, {
        answered: 200,
        endedAt: 1,
      }),
    },
  },
])
