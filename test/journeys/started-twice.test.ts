import { describe, expect, it } from 'vitest'
import { defineRoutes, resource, type SyncConfig } from '../../src/index'
import { createSync } from '../../src/sync'
import { blogRoutes, expectSameRows, type Journey, journey } from '../support/journey'

const baseUrl = 'https://api.example.test'

/** `startSync` once more for the same database, as a component that is mounted again or a module that is reloaded does. */
function again({ db, tab }: Journey, config: Partial<SyncConfig> = {}) {
  return createSync(db, { baseUrl, routes: blogRoutes, ...config } as SyncConfig, tab)
}

describe('startSync twice for one database', () => {
  it('answers the same engine, which goes on undisturbed', async () => {
    const here = await journey()
    const { db, sync, backend, settled } = here
    expect(again(here)).toBe(sync)
    expect(db.sync).toBe(sync)
    await db.posts.add({ title: 'once' })
    await settled()
    expect(backend.rows('posts')).toHaveLength(1)
    expect(backend.asked({ method: 'POST' })).toHaveLength(1)
    await expectSameRows(db, backend)
  })

  it.each<[path: string, config: Partial<SyncConfig>]>([
    ['baseUrl', { baseUrl: 'https://other.example.test' }],
    ['sync', { sync: { interval: 1_000 } }],
    [
      'routes.notes.push.create.url',
      { routes: defineRoutes({ posts: resource('/api/posts'), notes: resource('/api/memos') }) },
    ],
    ['routes.notes', { routes: defineRoutes({ posts: resource('/api/posts') }) }],
    ['auth', { auth: { getHeaders: () => ({}) } }],
  ])('with another %s is refused, and the path is named', async (path, config) => {
    const here = await journey()
    expect(() => again(here, config)).toThrow(expect.objectContaining({ code: 'already-started' }))
    expect(() => again(here, config)).toThrow(path)
    await here.db.notes.add({ id: 'n', text: 'the first engine still works' })
    await here.settled()
    await expectSameRows(here.db, here.backend)
  })

  it('with newer functions lets them take over at once, in requests of the engine that runs', async () => {
    const asking = (token: string): Partial<SyncConfig> => ({
      auth: { getHeaders: () => ({ Authorization: token }) },
    })
    const here = await journey({ config: asking('old') })
    const { db, backend, settled } = here
    await settled()
    again(here, asking('new'))
    await db.notes.add({ id: 'n', text: 'x' })
    await settled()
    expect(backend.asked({ method: 'POST' }).map(({ headers }) => headers.authorization)).toEqual(['new'])
  })
})

describe('a component under StrictMode', () => {
  it('mounted, unmounted and mounted at once has one engine, and nothing is sent twice', async () => {
    const here = await journey({ start: false })
    const { db, backend, device, until, settled } = here
    const mount = () => {
      const sync = again(here, { autoStart: false })
      void sync.start()
      return () => void sync.stop()
    }
    const unmount = mount()
    unmount()
    const unmountAgain = mount()
    await db.posts.add({ title: 'once' })
    await until(here.sync.start())
    await settled()
    expect(backend.asked({ method: 'POST' })).toHaveLength(1)
    await expectSameRows(db, backend)
    unmountAgain()
    await until(here.sync.stop())
    device.expectNothingLeft()
  })

  it('mounted and unmounted a hundred times in one turn ends as the last word says', async () => {
    const here = await journey({ start: false })
    const { sync, until, device, settled, db, backend } = here
    for (let i = 0; i < 100; i++) {
      void sync.start()
      void sync.stop()
    }
    await until(sync.stop())
    device.expectNothingLeft()
    expect(sync.getStatus().state).toBe('stopped')
    void sync.stop()
    await until(sync.start())
    await db.posts.add({ title: 'at work' })
    await settled()
    await expectSameRows(db, backend)
  })
})

describe('a module that is reloaded', () => {
  it('with a database object of its own beside the old one is like another tab: one of them leads, nothing is lost', async () => {
    const here = await journey()
    const { db, backend, device, tab, until, settled } = here
    await settled()
    const { Blog } = await import('../support/blog')
    const reloaded = new Blog(db.name)
    const newer = createSync(reloaded, { baseUrl, routes: blogRoutes }, tab)
    await until(newer.start())
    await Promise.all([db.posts.add({ title: 'by the old' }), reloaded.posts.add({ title: 'by the new' })])
    await settled()
    await until(newer.whenInSync())
    expect([here.sync.isLeader(), newer.isLeader()].filter(Boolean)).toHaveLength(1)
    expect(
      backend
        .rows('posts')
        .map(({ title }) => title)
        .sort(),
    ).toEqual(['by the new', 'by the old'])
    await until(here.sync.stop())
    await reloaded.posts.add({ title: 'after the old is gone' })
    await until(newer.whenInSync())
    expect(backend.rows('posts')).toHaveLength(3)
    await until(newer.stop())
    reloaded.close()
    device.expectNothingLeft()
  })
})
