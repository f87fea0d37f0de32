import { describe, expect, it } from 'vitest'
import { defineRoutes, resource } from '../../src/index'
import { isSyncError } from '../../src/model/error'
import { secondTab } from '../hostile/second-tab'
import { expectSameRows, type Journey, journey } from '../support/journey'

const second = 1_000
const limit = { requests: 5, per: 10 * second }
const routes = defineRoutes({
  notes: resource('/api/notes', { rateLimit: limit }),
  posts: resource('/api/posts'),
})
const config = { routes, sync: { interval: 0 } }

/** When each request that was sent for notes left, ms of the wall clock; reads and pulls are not counted. */
function watchNotes({ tab, device }: Pick<Journey, 'tab' | 'device'>): number[] {
  const times: number[] = []
  const { fetch } = tab
  tab.fetch = (request) => {
    if (request.method !== 'GET' && request.url.includes('/notes')) times.push(device.now())
    return fetch(request)
  }
  return times
}

function mostInWindow(times: readonly number[]): number {
  return Math.max(...times.map((from, i) => times.slice(i).filter((at) => at < from + limit.per).length))
}

const notes = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `n${i}`, text: 'x' }))

describe('push.rateLimit', () => {
  it('sends no more than the backend allows, all in the end, and holds no other table up', async () => {
    const here = await journey({ config })
    const { db, sync, backend, device, settled } = here
    await settled()
    const times = watchNotes(here)
    const begun = device.now()
    await db.notes.bulkAdd(notes(23))
    await db.posts.bulkAdd(Array.from({ length: 20 }, (_, i) => ({ title: `${i}` })))
    for (let i = 0; i < 50; i++) await device.advance(100)
    expect(backend.rows('posts')).toHaveLength(20)
    expect(backend.rows('notes')).toHaveLength(5)
    await settled()
    expect(mostInWindow(times)).toBe(5)
    expect(times).toHaveLength(23)
    expect(device.now() - begun).toBeLessThan(60 * second)
    expect(sync.getStatus()).toMatchObject({ deadLetters: 0, state: 'idle' })
    await expectSameRows(db, backend)
  })

  it('holds for edits too, and looks at the table no more often than it may send', async () => {
    const here = await journey({ config })
    const { db, backend, device, settled } = here
    await db.notes.bulkAdd(notes(12))
    await settled()
    await device.advance(60 * second)
    const times = watchNotes(here)
    const looks = backend.asked({ method: 'GET', path: '/api/notes' }).length
    await db.notes.toCollection().modify({ text: 'y' })
    await settled()
    expect(mostInWindow(times)).toBe(5)
    expect(backend.asked({ method: 'GET', path: '/api/notes' }).length - looks).toBeLessThanOrEqual(5)
    await expectSameRows(db, backend)
  })

  it('looks at nothing for changes that have to wait anyway', async () => {
    const { db, backend, device, settled } = await journey({ config })
    await db.notes.bulkAdd(notes(5))
    await settled()
    await device.advance(60 * second)
    await db.notes.toCollection().modify({ text: 'y' })
    await device.advance(second)
    const asked = backend.requests.length
    for (let i = 0; i < 20; i++) {
      await db.notes.update(`n${i % 5}`, { text: `typed ${i}` })
      await device.advance(100)
    }
    expect(backend.requests.length).toBe(asked)
    await settled()
    await expectSameRows(db, backend)
  })

  it('counts what is sent again, and a wait costs no attempt', async () => {
    const here = await journey({ config })
    const { db, sync, backend, device, settled } = here
    await settled()
    const times = watchNotes(here)
    backend.respondNext(8, { status: 503 }, { method: 'POST', path: '/api/notes' })
    await db.notes.bulkAdd(notes(12))
    await device.advance(30 * 60 * second)
    await settled()
    expect(mostInWindow(times)).toBeLessThanOrEqual(5)
    expect(await sync.getDeadLetters()).toEqual([])
    await expectSameRows(db, backend)
  })

  it('goes on under the next leader', async () => {
    const first = await journey({ config })
    await first.settled()
    const next = await secondTab(first, config)
    await first.db.notes.bulkAdd(notes(12))
    await first.device.advance(second)
    await first.until(first.sync.stop())
    await first.device.advance(60 * second)
    expect(next.sync.isLeader()).toBe(true)
    expect(first.backend.asked({ method: 'POST', path: '/api/notes' })).toHaveLength(12)
    await expectSameRows(next.db, first.backend)
  })

  it.each([
    [{ requests: 0, per: 1_000 }, 'rateLimit.requests'],
    [{ requests: 1.5, per: 1_000 }, 'rateLimit.requests'],
    [{ requests: 1, per: 0 }, 'rateLimit.per'],
    [{ requests: 1 }, 'rateLimit.per'],
    [{ requests: 1, per: 1_000, burst: 2 }, 'rateLimit.burst'],
    [5, 'rateLimit'],
  ])('of %j is refused by name', async (rateLimit, path) => {
    const bad = { notes: resource('/api/notes', { rateLimit: rateLimit as typeof limit }) }
    const error: unknown = await journey({ config: { routes: bad } }).catch((thrown: unknown) => thrown)
    expect(isSyncError(error) && [error.code, error.message.includes(`routes.notes.push.${path}`)]).toEqual([
      'bad-config',
      true,
    ])
  })
})
