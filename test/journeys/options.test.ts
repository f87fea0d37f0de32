import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { defineRoutes, resource, type SyncEventName } from '../../src/index'
import { createSync } from '../../src/sync'
import { createBackend } from '../support/backend'
import { Blog } from '../support/blog'
import { fakeDevice } from '../support/fake-environment'
import { blogRoutes, journey, status } from '../support/journey'

/** Options that no other journey stands on: each does what it says. */
describe('the option', () => {
  it('sync.push.debounce lets a change wait for others, and sends them together', async () => {
    const { db, backend, device, settled } = await journey({
      config: { sync: { push: { debounce: 2_000 } } },
    })
    await db.notes.add({ id: 'n', text: 'one' })
    await device.advance(1_500)
    await db.notes.update('n', { text: 'two' })
    expect(backend.asked({ method: 'POST' })).toEqual([])
    await device.advance(1_000)
    await settled()
    expect(backend.asked({ method: 'POST' }).map(({ body }) => body)).toMatchObject([{ text: 'two' }])
  })

  it('sync.push.concurrency is how many requests fly at once', async () => {
    const { db, backend, device, until } = await journey({ config: { sync: { push: { concurrency: 2 } } } })
    const [first, second] = [backend.holdNext({ method: 'POST' }), backend.holdNext({ method: 'POST' })]
    await db.notes.bulkAdd(['a', 'b', 'c'].map((id) => ({ id, text: id })))
    await until(Promise.all([first.arrived, second.arrived]))
    await device.advance(1_000)
    expect(backend.asked({ method: 'POST' })).toHaveLength(2)
    first.release()
    second.release()
  })

  it('sync.push.batchSize is how many answers settle together', async () => {
    const settles = async (batchSize: number) => {
      const marks: string[] = []
      const config = { sync: { push: { batchSize, concurrency: 6 } }, observability: { marks: true } }
      const { db, tab, settled } = await journey({ config })
      tab.mark = (name: string) => void marks.push(name)
      await db.notes.bulkAdd(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({ id, text: id })))
      await settled()
      return marks.filter((name) => name.includes('settle')).length
    }
    expect(await settles(1)).toBeGreaterThan(await settles(6))
  })

  it('sync.push.verify says how a change looks at the server before it leaves', async () => {
    for (const [verify, path] of [
      ['none', undefined],
      ['get', '/api/notes/n'],
      ['pull', '/api/notes'],
    ] as const) {
      const { db, backend, settled } = await journey({ config: { sync: { interval: 0, push: { verify } } } })
      await db.notes.add({ id: 'n', text: 'one' })
      await settled()
      const before = backend.requests.length
      await db.notes.update('n', { text: 'two' })
      await settled()
      const asked = backend.requests.slice(before).map(({ method, path }) => `${method} ${path}`)
      expect(asked).toEqual([...(path ? [`GET ${path}`] : []), 'PATCH /api/notes/n'])
    }
  })

  it('sync.push.lookTimeout lets a change go that could not be looked at for so long, and says so', async () => {
    const routes = defineRoutes({ notes: { ...resource('/api/notes'), read: undefined } as never })
    const { db, sync, backend, device, settled } = await journey({
      config: { routes, sync: { interval: 5_000, push: { lookTimeout: 60_000 } } },
    })
    await db.notes.add({ id: 'n', text: 'one' })
    await settled()
    const heard: string[] = []
    sync.on('unverified-push', ({ key }) => heard.push(String(key)))
    backend.respondNext(1_000, { status: 404, body: {} }, { method: 'GET' })
    await db.notes.update('n', { text: 'two' })
    await device.advance(50_000)
    expect(backend.asked({ method: 'PATCH' })).toEqual([])
    await device.advance(60_000)
    expect(backend.asked({ method: 'PATCH' })).toHaveLength(1)
    expect(heard).toEqual(['n'])
  })

  it('sync.push.maxDeleteRatio is the share of a table that may go without being asked about', async () => {
    const asked = async (maxDeleteRatio: number) => {
      const { db, sync, settled } = await journey({ config: { sync: { push: { maxDeleteRatio } } } })
      await db.notes.bulkAdd(Array.from({ length: 40 }, (_, i) => ({ id: `n${i}`, text: 'x' })))
      await settled()
      await db.notes.bulkDelete(Array.from({ length: 30 }, (_, i) => `n${i}`))
      await settled()
      return (await sync.conflicts.list()).length
    }
    expect([await asked(0.5), await asked(0.9), await asked(1)]).toEqual([1, 0, 0])
  })

  it('sync.pull.maxPages ends a cycle after so many pages, and the next goes on', async () => {
    const backend = withNotes(10)
    const config = { autoStart: false, sync: { interval: 0, pull: { pageSize: 2, maxPages: 2 } } }
    const { db, device, until, sync } = await journey({ backend, config })
    await device.advance(1_000)
    const first = await db.notes.count()
    expect(first).toBeLessThan(10)
    await until(sync.pull())
    expect(await db.notes.count()).toBeGreaterThan(first)
  })

  it('sync.pull.pageDelay leaves time between two pages', async () => {
    const backend = withNotes(6)
    const { db, device, until, sync } = await journey({
      backend,
      config: { sync: { pull: { pageSize: 2, pageDelay: 10_000 } } },
    })
    await device.advance(5_000)
    expect(await db.notes.count()).toBeLessThan(6)
    await until(sync.whenInitialSync())
    expect(await db.notes.count()).toBe(6)
  })

  it('sync.onVisibilityChange fetches when a tab is looked at again, or does not', async () => {
    for (const onVisibilityChange of [true, false]) {
      const { backend, tab, device, settled } = await journey({
        config: { sync: { interval: 0, onVisibilityChange } },
      })
      await settled()
      await device.advance(60_000)
      const before = backend.requests.length
      tab.setVisible(false)
      tab.setVisible(true)
      await device.advance(5_000)
      expect(backend.requests.length > before).toBe(onVisibilityChange)
    }
  })

  it('sync.interval is the time between two cycles; 0 = none', async () => {
    for (const [interval, cycles] of [
      [10_000, 6],
      [0, 0],
    ] as const) {
      const { backend, device, settled } = await journey({ config: { sync: { interval } } })
      await settled()
      await device.advance(10)
      const before = backend.asked({ method: 'GET', path: '/api/notes' }).length
      await device.advance(61_000)
      expect(backend.asked({ method: 'GET', path: '/api/notes' }).length - before).toBe(cycles)
    }
  })

  it('errors.onError is told of what a listener throws', async () => {
    const told = vi.fn()
    const { db, sync, tab, settled } = await journey({ config: { errors: { onError: told } } })
    const mistake = new Error('a mistake of the app')
    sync.on('push-complete', () => {
      throw mistake
    })
    await db.notes.add({ id: 'n', text: 'one' })
    await settled()
    expect(told).toHaveBeenCalledWith(mistake)
    expect(tab.reports).toEqual([])
  })

  it('autoStart: false waits for start()', async () => {
    const started = vi.fn()
    const auth = { getHeaders: () => started() ?? {} }
    const device = fakeDevice()
    const db = new Blog('options-auto-start')
    const backend = createBackend()
    const tab = device.tab({ fetch: (request) => backend.fetch(request) })
    const baseUrl = 'https://api.example.test'
    const sync = createSync(db, { baseUrl, routes: blogRoutes, auth, autoStart: false }, tab)
    onTestFinished(async () => {
      await device.until(sync.stop())
      await db.delete()
    })
    await device.until(db.notes.add({ id: 'n', text: 'one' }))
    await device.advance(60_000)
    expect(started).not.toHaveBeenCalled()
    await device.until(sync.start())
    await device.advance(1_000)
    expect(backend.rows('notes')).toHaveLength(1)
  })

  it('conflicts.onDelete decides between an edit and a deletion', async () => {
    const left = async (onDelete: 'edit-wins' | 'delete-wins') => {
      const start = await journey({ config: { conflicts: { policy: 'client-wins', onDelete } } })
      await start.db.notes.add({ id: 'n', text: 'base' })
      await start.settled()
      start.setOnline(false)
      start.backend.erase('notes', 'n')
      await start.db.notes.update('n', { text: 'mine' })
      start.setOnline(true)
      await start.settled()
      return start.backend.rows('notes').length
    }
    expect([await left('edit-wins'), await left('delete-wins')]).toEqual([1, 0])
  })

  it('conflicts.granularity lets the whole row of the winner stand, also by the route', async () => {
    const met = async (routes: typeof blogRoutes, config: object) => {
      const { db, backend, setOnline, settled } = await journey({ config: { routes, ...config } })
      await db.notes.add({ id: 'n', text: 'base', ...{ colour: 'red' } })
      await settled()
      setOnline(false)
      backend.change('notes', 'n', { text: 'theirs' })
      await db.notes.update('n', { text: 'mine', ...{ colour: 'blue' } })
      setOnline(true)
      await settled()
      return backend.rows('notes')[0]
    }
    const conflicts = { policy: 'server-wins' } as const
    expect(await met(blogRoutes, { conflicts })).toMatchObject({ text: 'theirs', colour: 'blue' })
    const byRow = { ...conflicts, granularity: 'row' } as const
    expect(await met(blogRoutes, { conflicts: byRow })).toMatchObject({ text: 'theirs', colour: 'red' })
    const routes = defineRoutes({ ...blogRoutes, notes: resource('/api/notes', { conflicts: byRow }) })
    expect(await met(routes, {})).toMatchObject({ text: 'theirs', colour: 'red' })
  })

  it('serverFields of a route are not sent and make no conflict', async () => {
    const routes = defineRoutes({ notes: resource('/api/notes', { serverFields: ['stamp'] }) })
    const { db, backend, settled } = await journey({ config: { routes } })
    await db.notes.add({ id: 'n', text: 'one', ...{ stamp: 1 } })
    await settled()
    expect(backend.asked({ method: 'POST' })[0]?.body).toEqual({ id: 'n', text: 'one' })
    await db.notes.update('n', { stamp: 2 } as object)
    await settled()
    expect(backend.asked({ method: 'PATCH' })).toEqual([])
  })

  it('onUnknown: park of a route leaves a create without an answer to a person', async () => {
    const posts = resource('/api/posts')
    const push = { ...(posts.push || {}), create: { url: '/api/posts', onUnknown: 'park' as const } }
    const routes = defineRoutes({ posts: { ...posts, push } })
    const { db, sync, backend, device } = await journey({ config: { routes } })
    backend.dropResponse(1, { method: 'POST' })
    await db.posts.add({ title: 'perhaps there' })
    await device.advance(60_000)
    expect(backend.asked({ method: 'POST' })).toHaveLength(1)
    expect(await sync.conflicts.list()).toMatchObject([{ code: 'unknown-outcome', state: 'parked' }])
  })

  it('conflicts.timeout ends waiting for onConflict, and the policy decides', async () => {
    const { db, backend, device, setOnline, settled } = await journey({
      config: {
        conflicts: { policy: 'server-wins', timeout: 3_000, onConflict: () => new Promise(() => {}) },
        errors: { onError: () => {} },
      },
    })
    await db.notes.add({ id: 'n', text: 'base' })
    await settled()
    setOnline(false)
    backend.change('notes', 'n', { text: 'theirs' })
    await db.notes.update('n', { text: 'mine' })
    setOnline(true)
    await device.advance(8_000)
    await settled()
    expect(await db.notes.get('n')).toMatchObject({ text: 'theirs' })
  })
})

describe('the event', () => {
  it.each<[SyncEventName, string]>([
    ['push-start', 'begins to send'],
    ['push-complete', 'has sent'],
    ['pull-start', 'begins to fetch'],
    ['pull-complete', 'has fetched'],
    ['sync-start', 'begins a cycle'],
    ['sync-complete', 'has ended one'],
  ])('%s is heard when sync %s', async (name) => {
    const { db, sync, until } = await journey()
    const heard = vi.fn()
    sync.on(name, heard)
    await db.notes.add({ id: 'n', text: 'one' })
    await until(sync.sync())
    expect(heard).toHaveBeenCalled()
  })

  it.each<[SyncEventName, 'POST' | 'GET']>([
    ['push-error', 'POST'],
    ['sync-error', 'GET'],
    ['pull-error', 'GET'],
  ])('%s is heard when a %s fails', async (name, method) => {
    const { db, sync, backend, device, settled } = await journey({ config: { routes: blogRoutes } })
    await settled()
    const heard = vi.fn()
    sync.on(name, heard)
    backend.respondNext(1, { status: 500, body: {} }, { method })
    await db.notes.add({ id: 'n', text: 'one' })
    await device.advance(60_000)
    expect(heard).toHaveBeenCalled()
  })

  it('online and offline are heard when the connection comes and goes', async () => {
    const { sync, setOnline, device } = await journey()
    const heard: string[] = []
    for (const name of ['online', 'offline'] as const) sync.on(name, () => heard.push(name))
    setOnline(false)
    expect(sync.isOnline()).toBe(false)
    setOnline(true)
    await device.settle()
    expect(heard).toEqual(['offline', 'online'])
    expect(sync.isOnline()).toBe(true)
  })
})

describe('the calls that ask how it stands', () => {
  it('isSyncing is true while something is on its way', async () => {
    const { db, sync, backend, until } = await journey()
    const held = backend.holdNext({ method: 'POST' })
    await db.notes.add({ id: 'n', text: 'one' })
    await until(held.arrived)
    await until(status(sync, ({ state }) => state === 'syncing'))
    expect(sync.isSyncing()).toBe(true)
    held.release()
    await until(status(sync, ({ state }) => state === 'idle'))
    expect(sync.isSyncing()).toBe(false)
  })

  it('pending lists what is not settled, of one table or all', async () => {
    const { db, sync, setOnline } = await journey()
    setOnline(false)
    await db.notes.add({ id: 'n', text: 'one' })
    const id = await db.posts.add({ title: 'two' })
    expect(await sync.pending()).toMatchObject([
      { table: 'notes', key: 'n', kind: 'create', state: 'waiting' },
      { table: 'posts', key: id, kind: 'create', state: 'waiting' },
    ])
    expect(await sync.pending('posts')).toHaveLength(1)
  })
})

function withNotes(count: number) {
  const backend = createBackend()
  for (let i = 0; i < count; i++) backend.insert('notes', { id: `n${i}`, text: String(i) })
  return backend
}
