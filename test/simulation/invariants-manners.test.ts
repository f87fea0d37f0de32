import type { SentRequest } from './history'
import { type Control, tryOn } from './invariants/controls'
import { device, planted, tab } from './invariants/planted-history'
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
const urged = requests(a, { ...a, sentAt: 20 })
urged.history.urges.push({ step: 15, device })

const controls: Control[] = [
  {
    invariant: politeness,
    right: {
      'a server that is left alone for as long as it asks': requests({ askedFor: 900 }, {}),
      'a request that had left when it asked': requests({ askedFor: 900 }, { sentAt: 5, sentTime: 5 }, {}),
      'another try after a second': requests(a, a),
      'another try at once, with another login': requests({ ...a, ended: '401' }, { ...a, sentAt: 11 }),
      'another try at once, since somebody asked': urged,
      'a refusal by somebody on the way, asked again': requests({ ...a, ended: '403' }, a),
    },
    wrong: {
      'a request before the time the server named': requests({ askedFor: 2_000 }, {}),
      'a list before it': requests({ askedFor: 2_000 }, { method: 'GET', path: '/api/posts' }),
      'another try at once': requests(a, { ...a, sentAt: 20 }),
      'a refusal asked again': requests({ ...a, ended: '422', answered: 422 }, a),
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
