import { readFileSync } from 'node:fs'
import Dexie, { type Table } from 'dexie'
import { describe, expect, it, onTestFinished } from 'vitest'
import { defineRoutes, type SyncEngine, startSync } from '../../src/index'
import { createSync } from '../../src/sync'
import { type Backend, createBackend, seedSemantics } from '../support/backend'
import { fakeDevice } from '../support/fake-environment'
import { quiet } from '../support/journey'
import { runScript } from '../support/run-script'

/** The Quick Start as it stands in the README of `@dexie-kit/sync`, to the letter. */
const quickStart = readFileSync('test/fixtures/quick-start.txt', 'utf8')

interface Example {
  readonly db: Dexie & { readonly posts: Table<Record<string, unknown>, number> }
  readonly syncEngine: SyncEngine
}

let count = 0

/** Runs it with only its imports, its address and the name of its database changed. */
function run(start: typeof startSync, address = 'https://api.example.com'): Promise<Example> {
  const name = `quick-start-${++count}`
  const code = quickStart
    .replace('https://api.example.com', address)
    .replace("new Dexie('myapp')", `new Dexie('${name}')`)
  onTestFinished(() => Dexie.delete(name))
  return runScript<Example>(
    code,
    { Dexie, startSync: start, defineRoutes, getToken: async () => 'secret', console },
    ['db', 'syncEngine'],
  )
}

async function underVirtualTime(backend: Backend, { online = true } = {}) {
  const device = fakeDevice()
  if (!online) backend.down()
  device.setOnline(online)
  const tab = device.tab({ fetch: (request) => backend.fetch(request) })
  const start: typeof startSync = (db, config) => createSync(db, config, tab)
  const { db, syncEngine } = await device.until(run(start))
  onTestFinished(() => device.until(syncEngine.stop()))
  const settled = async () => {
    await device.settle()
    await device.until(quiet(syncEngine))
  }
  return { db, syncEngine, device, tab, settled }
}

const seedBackend = () => createBackend({ semantics: seedSemantics })

describe('the Quick Start of the seed', () => {
  it('brings its first post to a real server, and the local row takes the key of the server', async () => {
    const backend = seedBackend()
    const server = await backend.listen()
    onTestFinished(() => server.close())
    const { db, syncEngine } = await run(startSync, server.url)
    onTestFinished(() => syncEngine.stop())
    await quiet(syncEngine)
    expect(backend.rows('posts')).toEqual([{ id: 1, title: 'Hello World', updatedAt: expect.any(String) }])
    expect(await db.posts.toArray()).toEqual(backend.rows('posts'))
    expect(backend.asked({ method: 'POST' })).toHaveLength(1)
    expect(backend.requests.map(({ headers }) => headers.authorization)).toEqual(
      backend.requests.map(() => 'Bearer secret'),
    )
  })

  it('sends what was written offline once each, in order', async () => {
    const backend = seedBackend()
    const { db, device, settled } = await underVirtualTime(backend, { online: false })
    await db.posts.add({ title: 'second' })
    await db.posts.bulkAdd([{ title: 'third' }, { title: 'fourth' }])
    await device.advance(60_000)
    expect(backend.requests).toEqual([])
    backend.up()
    device.setOnline(true)
    await settled()
    expect(backend.asked({ method: 'POST' })).toHaveLength(4)
    expect(backend.rows('posts').map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Hello World', 'second', 'third', 'fourth']),
    )
    expect(await db.posts.orderBy('id').toArray()).toEqual(backend.rows('posts'))
  })

  it('lets edits and deletions follow', async () => {
    const backend = seedBackend()
    const { db, settled } = await underVirtualTime(backend)
    await settled()
    await db.posts.add({ title: 'to go' })
    await settled()
    await db.posts.update(1, { title: 'Hello again' })
    await db.posts.delete(2)
    await settled()
    expect(backend.rows('posts')).toMatchObject([{ id: 1, title: 'Hello again' }])
    expect(await db.posts.toArray()).toEqual(backend.rows('posts'))
    expect(backend.asked({ method: 'PUT' })[0]?.body).toMatchObject({ id: 1, title: 'Hello again' })
  })

  it('fetches what others wrote, by itself every 30 seconds', async () => {
    const backend = seedBackend()
    const { db, device, settled } = await underVirtualTime(backend)
    await settled()
    backend.store.put('posts', { id: 7, title: 'theirs', updatedAt: '2030-06-01T00:00:00.000Z' })
    await device.advance(31_000)
    expect(await db.posts.get(7)).toMatchObject({ title: 'theirs' })
  })

  it('is not harmed by a page of nothing, whose checkpoint would be -Infinity', async () => {
    const backend = seedBackend()
    backend.store.put('posts', { id: 7, title: 'theirs', updatedAt: '2030-06-01T00:00:00.000Z' })
    const { db, tab, device, settled } = await underVirtualTime(backend)
    await settled()
    await device.advance(120_000)
    const checkpoints = backend
      .asked({ method: 'GET', path: '/api/posts' })
      .map(({ query }) => query.updated_after)
    expect(checkpoints.every((value) => Number.isFinite(Number(value)))).toBe(true)
    expect(tab.warnings.join('\n')).toMatch(/checkpoint/i)
    backend.store.put('posts', { id: 8, title: 'later', updatedAt: '2030-06-02T00:00:00.000Z' })
    await device.advance(31_000)
    expect((await db.posts.get(8))?.title).toBe('later')
  })

  it('asks an empty server no more often than every 30 seconds', async () => {
    const backend = seedBackend()
    const { device, settled } = await underVirtualTime(backend)
    await settled()
    const before = backend.asked({ method: 'GET' }).length
    await device.advance(300_000)
    expect(backend.asked({ method: 'GET' }).length - before).toBeLessThanOrEqual(11)
  })
})
