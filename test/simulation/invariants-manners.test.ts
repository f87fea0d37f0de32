import type { SentRequest, StoreChange } from './history'
import { type Control, tryOn } from './invariants/controls'
import { device, entry, planted, tab } from './invariants/planted-history'
import { terminal } from './invariants/q5-terminal'
import { politeness } from './invariants/q13-politeness'
import { hygiene } from './invariants/q14-hygiene'

const stopped = (left: Record<string, number>) => {
  const plant = planted()
  plant.history.stops.push({ step: 1, tab, left })
  return plant
}

/** Requests one after the other, each ends after 10 steps and ms, unless said otherwise. */
const requests = (...list: Partial<SentRequest>[]) => {
  const plant = planted()
  list.forEach((more, i) => {
    const at = more.sentAt ?? 1_000 * i
    plant.history.requests.push({
      device,
      tab,
      method: 'PATCH',
      path: '/api/posts/1',
      sentAt: at,
      sentTime: at,
      endedAt: at + 10,
      endedTime: at + 10,
      ended: '503',
      ...more,
    })
  })
  return plant
}
const a = { idempotencyKey: 'a' }
const refusal = { ...a, ended: '422', answered: 422 }

/** The clock of the device was set by so many ms at this step. */
const clockSet = (plant: ReturnType<typeof planted>, step: number, by: number, of = device) => {
  plant.history.clocks.push({ step: 0, device: of, skew: 100 }, { step, device: of, skew: 100 + by })
  return plant
}

/** A transaction of this tab was rolled back at this step. */
const rolledBack = (plant: ReturnType<typeof planted>, step: number, of = tab) => {
  plant.history.rollbacks.push({ step, tab: of })
  return plant
}

/** The sync tables of the device were emptied at this step: somebody has signed out. */
const emptied = (plant: ReturnType<typeof planted>, step: number, of = device) => {
  const change = { store: '_sync_meta', key: 'instance', before: { instance: 'a' }, after: { instance: 'b' } }
  plant.history.commits.push({ step, at: step, device: of, tab, stores: ['_sync_meta'], changes: [change] })
  return plant
}

/** A create refused, as the library writes it down; `more` of its letter, `tries` of its request. */
const refused = (
  more: object = {},
  tries: Partial<SentRequest> = {},
  besides: readonly StoreChange[] = [],
) => {
  const log = { ...entry({ kind: 'create', key: -1, row: {} }), id: 'r' }
  const fence = { id: 'r.0', items: [{ entries: [[1, 0]] }] }
  const letter = {
    id: 'r.0',
    table: 'posts',
    kind: 'create',
    reason: { code: 'rejected', status: 422, at: 2 },
    attempts: 0,
    firstSentAt: 1,
    at: 2,
    entries: [[1, 0]],
    ...more,
  }
  const plant = requests({ idempotencyKey: 'r.0', ended: '422', answered: 422, ...tries })
  return plant
    .committed({ store: '_sync_log', key: 1, after: log })
    .committed({ store: '_sync_fences', key: 'r.0', after: fence })
    .committed(
      { store: '_sync_letters', key: 'r.0', after: letter },
      { store: '_sync_fences', key: 'r.0', before: fence },
      ...besides,
    )
}
const again = { store: '_sync_fences', key: 'other', after: { items: [{ entries: [[1, 0]] }] } }
const busy = { reason: { code: 'server-busy', at: 2 }, attempts: 6 }
const failed = { reason: { code: 'server-failed', status: 500, at: 2 }, inDoubt: true }
const foreign = { id: 'x', reason: { code: 'foreign-base', at: 2 } }
const meta = { store: '_sync_meta', key: 'identity', after: {} }

const controls: Control[] = [
  {
    invariant: terminal,
    right: {
      'a letter of what the server has refused': refused(),
      'a letter of a create whose answer was of no use': refused(
        { reason: { code: 'missing-response-key', status: 204, at: 2 }, inDoubt: true },
        { ended: '204', answered: 201 },
      ),
      'a letter of what has failed too often': refused({ ...failed, attempts: 6 }, { ended: '500' }),
      'a letter made when the database changed hands': refused(foreign, {}, [meta]),
    },
    wrong: {
      'a change that waits at the end': planted().left('_sync_log', 1, {
        ...entry({ kind: 'create', key: -1, row: {} }),
        identity: '',
      }),
      'a request without an outcome at the end': planted().left('_sync_fences', 'r.0', { id: 'r.0' }),
      'a letter of what is on its way once more': refused({}, {}, [again]),
      'a letter since the network failed': refused(busy, { ended: '503' }),
      'a letter of what has failed once': refused({ ...failed, attempts: 1 }, { ended: '500' }),
      'a letter of a refusal that was somebody else’s': refused({}, { ended: '403', answered: 200 }),
      'a letter with another status': refused({ reason: { code: 'rejected', status: 400, at: 2 } }),
      'a letter without a time': refused({ at: 0 }),
      'a letter with an id of nothing': refused({ id: 'x' }),
      'a letter of bytes that did not stay the same': refused({
        reason: { code: 'key-reused', status: 422, at: 2 },
      }),
      'a letter of somebody else’s row when nothing changed hands': refused(foreign),
    },
  },
  {
    invariant: politeness,
    right: {
      'a server that is left alone for as long as it asks': requests({ askedFor: 900 }, {}),
      'a request that had left when it asked': requests({ askedFor: 900 }, { sentAt: 5, sentTime: 5 }, {}),
      'another try after a second': requests(a, a),
      'a pause that a clock set forward has ended': clockSet(requests({ askedFor: 2_000 }, {}), 500, 1_100),
      'a pause that a clock set back has ended': clockSet(requests({ askedFor: 2_000 }, {}), 500, -5_000),
      'a pause of somebody who has signed out': emptied(requests({ askedFor: 2_000 }, {}), 500),
      'two tries at once, as chance had it': requests(a, { ...a, sentAt: 20 }),
      'a refusal by somebody on the way, asked again': requests({ ...a, ended: '403' }, a),
      'a refusal that found no room on the disk, asked again': rolledBack(requests(refusal, a), 20),
    },
    wrong: {
      'a request before the time the server named': requests({ askedFor: 2_000 }, {}),
      'a list before it': requests({ askedFor: 2_000 }, { method: 'GET', path: '/api/posts' }),
      'a request before it, though the clock was set a little': clockSet(
        requests({ askedFor: 2_000 }, {}),
        500,
        900,
      ),
      'a request before it, with a clock that was set before': clockSet(
        requests({ askedFor: 2_000 }, {}),
        5,
        9_000,
      ),
      'a request before it, with the clock of another device': clockSet(
        requests({ askedFor: 2_000 }, {}),
        500,
        9_000,
        'd9',
      ),
      'a request before it, of somebody who came before it was asked for': emptied(
        requests({ askedFor: 2_000 }, {}),
        5,
      ),
      'a request before it, where another device was emptied': emptied(
        requests({ askedFor: 2_000 }, {}),
        500,
        'd9',
      ),
      'six tries at once': requests(...Array.from({ length: 6 }, () => ({ ...a, sentTime: 20 }))),
      'a refusal asked again': requests(refusal, a),
      'a refusal asked again, where the disk was full before it': rolledBack(requests(refusal, a), 5),
      'a refusal asked again, where another tab found no room': rolledBack(requests(refusal, a), 20, 'd9/t0'),
      'many requests for nothing': requests(...Array.from({ length: 50 }, () => ({}))),
      'many lists for nothing': requests(
        ...Array.from({ length: 60 }, () => ({ method: 'GET', ended: '200' })),
      ),
    },
  },
  {
    invariant: hygiene,
    right: { 'a tab with nothing left': stopped({ timers: 0, transactions: 0 }) },
    wrong: {
      'a timer that is left': stopped({ timers: 1, transactions: 0 }),
      'a transaction that is open': stopped({ timers: 0, transactions: 1 }),
    },
  },
]

tryOn(controls)
