import { describe, expect, it } from 'vitest'
import { createSync } from '../../src/sync'
import { secondTab } from '../hostile/second-tab'
import { Blog } from '../support/blog'
import { fakeDevice } from '../support/fake-environment'
import { blogRoutes, eventLog, journey, status } from '../support/journey'
import { users } from '../support/users'

const minutes = 60_000

describe('whose data a database holds (I11)', () => {
  it('is decided by the first who logs in: what was written before belongs to them', async () => {
    const world = users(null)
    const { db, sync, tab, device, until, settled } = await journey(world)
    await db.notes.add({ id: 'n1', text: 'A before login' })
    await device.advance(5 * minutes)
    expect(sync.getStatus()).toMatchObject({ state: 'auth-required', pending: 1 })
    expect(world.backend.requests).toEqual([])
    expect(tab.reports).toEqual([])
    world.user = 'A'
    await until(sync.sync())
    await settled()
    expect(world.rows('A')).toMatchObject([{ text: 'A before login' }])
    world.expectApart()
  })

  it('is noticed at the next interval, without a call', async () => {
    const world = users(null)
    const { db, device, settled } = await journey(world)
    await db.notes.add({ id: 'n1', text: 'A before login' })
    await device.advance(minutes)
    world.user = 'A'
    await device.advance(minutes)
    await settled()
    expect(world.rows('A')).toHaveLength(1)
  })

  it('stays: under another login changes are kept, and nothing is sent or pulled until the first returns', async () => {
    const world = users('A')
    const { db, sync, tab, device, settled, synced } = await journey(world)
    await db.notes.add({ id: 'a1', text: 'A one' })
    await settled()
    const heard = eventLog(sync, 'identity-changed', 'dead-letter', 'auth-required')
    world.user = 'B'
    const before = world.backend.requests.length
    await db.notes.add({ id: 'b1', text: 'B one' })
    await device.advance(10 * minutes)
    expect(sync.getStatus().state).toBe('identity-changed')
    expect(world.backend.requests.length).toBe(before)
    expect(await sync.hasUnsyncedChanges()).toBe(true)
    expect(await sync.getQueueDepth()).toBe(0)
    expect(heard).toEqual(['identity-changed'])
    expect(tab.reports).toEqual([])

    world.user = 'A'
    await db.notes.add({ id: 'a2', text: 'A two' })
    await device.advance(minutes)
    await synced()
    expect(world.rows('A').map(({ text }) => text)).toEqual(['A one', 'A two'])
    expect(world.rows('B')).toEqual([])
    expect(await sync.hasUnsyncedChanges()).toBe(true)
    expect(sync.getStatus().state).toBe('idle')
    world.expectApart()
  })

  it('holds over a reload and for the tab that comes to lead', async () => {
    const world = users('A')
    const first = await journey(world)
    await first.db.notes.add({ id: 'a1', text: 'A one' })
    await first.settled()
    world.user = 'B'
    const { db, sync, device } = await first.reload()
    const before = world.backend.requests.length
    await db.notes.update('a1', { text: 'B edit' })
    await device.advance(10 * minutes)
    expect(sync.getStatus().state).toBe('identity-changed')
    expect(world.backend.requests.length).toBe(before)
  })

  it('a call under another login says why nothing happened', async () => {
    const world = users('A')
    const { sync, settled, until } = await journey(world)
    await settled()
    world.user = 'B'
    expect(await until(sync.sync())).toMatchObject({ pulled: 0, reason: { code: 'identity-changed' } })
    await until(status(sync, ({ state }) => state === 'identity-changed'))
  })

  it('a tab where somebody else is logged in says so, while the leader goes on for the first', async () => {
    const world = users('A')
    const here = await journey(world)
    await here.settled()
    const other = users('B')
    const there = await secondTab(here, { ...other.config })
    await there.db.notes.add({ id: 'b1', text: 'B one' })
    await here.db.notes.add({ id: 'a1', text: 'A one' })
    await here.settled()
    await here.device.advance(minutes)
    expect(there.sync.getStatus().state).toBe('identity-changed')
    expect(here.sync.getStatus()).toMatchObject({ state: 'idle', pending: 0 })
    expect(world.rows('A').map(({ text }) => text)).toEqual(['A one'])
    expect(world.asked('B')).toBe(0)
  })

  it('an app without the option has one for all, and may name it later', async () => {
    const plain = users('A')
    const { identity: _, ...config } = plain.config
    const first = await journey({ backend: plain.backend, config })
    await first.db.notes.add({ id: 'a1', text: 'A one' })
    await first.settled()
    const { sync, db, settled } = await first.reload({ identity: 'A' })
    await db.notes.add({ id: 'a2', text: 'A two' })
    await settled()
    expect(sync.getStatus().state).toBe('idle')
    expect(plain.rows('A')).toHaveLength(2)
  })
})

describe('a function that tells the identity', () => {
  it.each(['', 7, null])('must be one, or a text: %j is refused at once', (identity) => {
    const start = () =>
      createSync(
        new Blog('refused'),
        {
          baseUrl: 'https://api.example.test',
          routes: blogRoutes,
          identity: identity as never,
        },
        fakeDevice().tab(),
      )
    expect(start).toThrow(/identity must be a text that is not empty, or a function/)
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('secret token')
      },
    ],
    ['answers a number', () => 7 as never],
    ['answers a promise', () => Promise.resolve('A') as never],
  ])('and %s counts as not known yet, said once', async (_, identity) => {
    const world = users('A')
    const { sync, tab, device } = await journey({ ...world, config: { ...world.config, identity } })
    await device.advance(10 * minutes)
    expect(sync.getStatus().state).toBe('auth-required')
    expect(world.backend.requests).toEqual([])
    expect(tab.reports).toMatchObject([{ code: 'bad-identity' }])
    expect(String(tab.reports[0])).not.toContain('secret')
  })
})

describe('a login that changes in the middle of a request', () => {
  it('while the headers are asked for: the request is not sent, and the change waits unspent', async () => {
    const world = users('A')
    let answer = () => {}
    let slow = false
    const getHeaders = async () => {
      if (slow)
        await new Promise<void>((resolve) => {
          answer = resolve
        })
      return { Authorization: `Bearer ${world.user}` }
    }
    const { db, sync, device, settled } = await journey({
      ...world,
      config: { ...world.config, auth: { getHeaders } },
    })
    await settled()
    slow = true
    await db.notes.add({ id: 'a1', text: 'A one' })
    await device.settle()
    world.user = 'B'
    slow = false
    answer()
    await device.settle()
    await device.advance(5 * minutes)
    expect(world.asked('B')).toBe(0)
    expect(sync.getStatus()).toMatchObject({ state: 'identity-changed', deadLetters: 0 })
    expect(await sync.pending()).toMatchObject([{ key: 'a1', state: 'waiting' }])
    world.user = 'A'
    await device.advance(minutes)
    await settled()
    expect(world.rows('A')).toHaveLength(1)
    world.expectApart()
  })

  it('while a page is on its way: the page is not applied, and comes again when the first is back', async () => {
    const world = users('A')
    const { db, sync, device, settled, until, synced } = await journey(world)
    await settled()
    world.insert('A', 'notes', { id: 'a1', text: 'A one' })
    const held = world.backend.holdNext({ method: 'GET', path: '/api/notes' })
    const pulling = sync.pull()
    await until(held.arrived)
    world.user = 'B'
    held.release()
    await until(pulling)
    expect(await db.notes.count()).toBe(0)
    world.user = 'A'
    await device.advance(minutes)
    await synced()
    expect(await db.notes.toArray()).toMatchObject([{ text: 'A one' }])
  })

  it('while a change is on its way: its answer is the first one’s and is settled', async () => {
    const world = users('A')
    const { db, sync, device, settled, until } = await journey(world)
    await settled()
    const held = world.backend.holdNext({ method: 'POST' })
    await db.posts.add({ title: 'A one' })
    await until(held.arrived)
    world.user = 'B'
    held.release()
    await device.settle()
    await device.advance(minutes)
    expect(await sync.pending()).toEqual([])
    expect(await db.posts.toArray()).toMatchObject([{ id: 1, title: 'A one' }])
    expect(world.asked('B')).toBe(0)
  })

  it('while a request is refused: the new login is not asked to renew the old one', async () => {
    const world = users('A')
    let asked = 0
    const auth = { ...world.config.auth, onAuthError: () => void asked++ }
    const { db, sync, device, settled, until } = await journey({
      ...world,
      config: { ...world.config, auth },
    })
    await settled()
    world.backend.respondNext(1, { status: 401, body: {} }, { method: 'POST' })
    const held = world.backend.nextRequest({ method: 'POST' }).then(() => {
      world.user = 'B'
    })
    await db.notes.add({ id: 'a1', text: 'A one' })
    await until(held)
    await device.settle()
    expect(asked).toBe(0)
    expect(await sync.pending()).toMatchObject([{ key: 'a1', state: 'waiting' }])
  })

  it('while a login of the first is renewed: nothing of theirs leaves under the new one', async () => {
    const world = users('A')
    let renewed = () => {}
    const onAuthError = () =>
      new Promise<void>((resolve) => {
        renewed = resolve
      })
    const auth = { ...world.config.auth, onAuthError }
    const { db, sync, device, settled, until } = await journey({
      ...world,
      config: { ...world.config, auth },
    })
    await settled()
    world.backend.respondNext(1, { status: 401, body: {} }, { method: 'POST' })
    const arrived = world.backend.nextRequest({ method: 'POST' })
    await db.notes.add({ id: 'a1', text: 'A one' })
    await until(arrived)
    await device.settle()
    world.user = 'B'
    renewed()
    await device.settle()
    await device.advance(minutes)
    expect(world.asked('B')).toBe(0)
    expect(await sync.pending()).toMatchObject([{ key: 'a1', state: 'waiting' }])
    world.user = 'A'
    await device.advance(minutes)
    await settled()
    expect(world.rows('A')).toHaveLength(1)
    world.expectApart()
  })
})
