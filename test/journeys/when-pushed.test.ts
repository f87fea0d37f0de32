import { describe, expect, it, onTestFinished } from 'vitest'
import { createSync } from '../../src/sync'
import { secondTab } from '../hostile/second-tab'
import { Blog } from '../support/blog'
import { nothingOpen } from '../support/fake-environment'
import { blogRoutes, type Journey, journey } from '../support/journey'
import { users } from '../support/users'

const code = (expected: string) => expect.objectContaining({ name: 'SyncError', code: expected })

/** A device that is cut off, with nothing under way. */
async function offline(): Promise<Journey> {
  const here = await journey()
  await here.settled()
  here.setOnline(false)
  return here
}

describe('waiting for a row to be pushed', () => {
  it('is over at once where nothing of it waits', async () => {
    const { sync, until, settled } = await journey()
    await settled()
    expect(await until(sync.whenPushed('notes', 'none'))).toEqual({ outcome: 'accepted' })
  })

  it('ends with the answer, under the key the server made', async () => {
    const { db, sync, until, backend } = await journey()
    const id = await db.posts.add({ title: 'waited for' })
    expect(await until(sync.whenPushed('posts', id))).toEqual({ outcome: 'accepted' })
    expect(backend.rows('posts')).toHaveLength(1)
    expect(await db.posts.get(await sync.resolveKey('posts', id).then(Number))).toBeDefined()
  })

  it('does not end before: the row is at the server when it does', async () => {
    const { db, sync, device, backend, until, setOnline } = await offline()
    await db.notes.add({ id: 'n', text: 'later' })
    let over = false
    const pushed = sync.whenPushed('notes', 'n').then(() => {
      over = true
    })
    await device.advance(600_000)
    expect(over).toBe(false)
    setOnline(true)
    await until(pushed)
    expect(backend.rows('notes')).toMatchObject([{ text: 'later' }])
  })

  it('is over for a row made and removed again: nothing had to be sent', async () => {
    const { db, sync, until, backend, setOnline } = await offline()
    await db.notes.add({ id: 'n', text: 'never mind' })
    await db.notes.delete('n')
    const pushed = sync.whenPushed('notes', 'n')
    setOnline(true)
    expect(await until(pushed)).toEqual({ outcome: 'coalesced' })
    expect(backend.rows('notes')).toEqual([])
  })

  it('tells that a policy decided for the server', async () => {
    const here = await journey({ config: { conflicts: { policy: 'server-wins' } } })
    const { db, sync, backend, until, settled, setOnline } = here
    backend.insert('notes', { id: 'n', text: 'old' })
    await here.synced()
    setOnline(false)
    await db.notes.update('n', { text: 'mine' })
    const pushed = sync.whenPushed('notes', 'n')
    backend.change('notes', 'n', { text: 'theirs' })
    setOnline(true)
    expect(await until(pushed)).toEqual({ outcome: 'overruled' })
    await settled()
    expect((await db.notes.get('n'))?.text).toBe('theirs')
  })

  it('rejects when the server refuses the change, naming the letter', async () => {
    const { db, sync, backend, until } = await journey()
    backend.respondNext(1, { status: 422 }, { method: 'POST' })
    await db.notes.add({ id: 'n', text: 'bad' })
    const pushed = sync.whenPushed('notes', 'n').catch((error) => error)
    const error = await until(pushed)
    expect(error).toEqual(code('dead-letter'))
    const [letter] = await sync.deadLetters.list()
    expect(error).toMatchObject({ table: 'notes', key: 'n', details: { id: letter?.id } })
    expect(await until(sync.whenPushed('notes', 'n').catch((again) => again))).toEqual(code('dead-letter'))
  })

  it('follows a retry that was asked for meanwhile', async () => {
    const { db, sync, backend, until, settled, setOnline } = await journey()
    backend.respondNext(1, { status: 422 }, { method: 'POST' })
    await db.notes.add({ id: 'n', text: 'bad' })
    await settled()
    setOnline(false)
    const [letter] = await sync.deadLetters.list()
    await sync.deadLetters.edit(letter!.id, { text: 'better' })
    const first = sync.whenPushed('notes', 'n')
    setOnline(true)
    expect(await until(first)).toEqual({ outcome: 'accepted' })
    expect(backend.rows('notes')).toMatchObject([{ text: 'better' }])
  })

  it('rejects when the mass deletion it is part of is parked', async () => {
    const here = await journey()
    const { db, sync, backend, until } = here
    for (let i = 0; i < 30; i++) backend.insert('notes', { id: `n${i}`, text: 'x' })
    await here.synced()
    await db.notes.clear()
    expect(await until(sync.whenPushed('notes', 'n3').catch((error) => error))).toEqual(code('parked'))
  })

  it('rejects when this tab stops, and then at once until it starts again', async () => {
    const { db, sync, device, until, setOnline } = await offline()
    await db.notes.add({ id: 'n', text: 'later' })
    const pushed = sync.whenPushed('notes', 'n').catch((error) => error)
    await device.settle()
    await until(sync.stop())
    expect(await pushed).toEqual(code('stopped'))
    expect(await sync.whenPushed('notes', 'n').catch((error) => error)).toEqual(code('stopped'))
    device.expectNothingLeft()
    setOnline(true)
    await until(sync.start())
    expect(await until(sync.whenPushed('notes', 'n'))).toEqual({ outcome: 'accepted' })
  })

  it('waits for the start of an engine that does not start by itself, and ends with it', async () => {
    const { backend, device } = await journey()
    const tab = device.tab({ fetch: (request) => backend.fetch(request) })
    const db = new Blog('when-pushed-unstarted')
    onTestFinished(() => db.delete())
    const config = { baseUrl: 'https://api.example.test', routes: blogRoutes, autoStart: false }
    const sync = createSync(db, config, tab)
    await db.notes.add({ id: 'n', text: 'x' })
    const first = sync.whenPushed('notes', 'n').catch((error) => error)
    await device.settle()
    await device.until(sync.stop())
    expect(await first).toEqual(code('stopped'))
    expect(tab.open()).toEqual(nothingOpen)
    const starting = sync.start()
    const second = sync.whenPushed('notes', 'n')
    await device.until(starting)
    expect(await device.until(second)).toEqual({ outcome: 'accepted' })
    await device.until(sync.stop())
  })

  it('of a table that is not synced is refused', async () => {
    const { sync } = await journey()
    expect(await sync.whenPushed('nowhere', 1).catch((error) => error)).toEqual(code('unknown-table'))
  })

  it('asks nothing of the database while nobody waits, and no timer runs', async () => {
    const { db, sync, device, tab, until, settled } = await journey({ config: { sync: { interval: 0 } } })
    await settled()
    const before = tab.open().timers
    await db.notes.add({ id: 'n', text: 'x' })
    await until(sync.whenPushed('notes', 'n'))
    await settled()
    await device.advance(10_000)
    expect(tab.open().timers).toBe(before)
  })
})

describe('waiting for a row to be pushed, in a follower', () => {
  it('ends although every message of the leader is lost', async () => {
    const first = await journey()
    await first.settled()
    const second = await secondTab(first)
    first.setOnline(false)
    const id = await second.db.posts.add({ title: 'from the follower' })
    const pushed = second.sync.whenPushed('posts', id)
    await first.device.settle()
    first.device.bus.fault = () => 0
    first.setOnline(true)
    expect(await first.until(pushed)).toEqual({ outcome: 'accepted' })
    expect(first.backend.rows('posts')).toHaveLength(1)
  })

  it('knows what waits under the key of before, though it was never told the new one', async () => {
    const first = await journey()
    await first.settled()
    const second = await secondTab(first)
    const create = first.backend.holdNext({ method: 'POST' })
    const temporary = await second.db.posts.add({ title: 'made' })
    await first.until(create.arrived)
    await second.db.posts.update(temporary, { title: 'edited' })
    const edit = first.backend.holdNext({ method: 'PATCH' }, { applied: false })
    await first.device.settle()
    first.device.bus.fault = () => 0
    create.release()
    await first.until(edit.arrived)
    const [row] = await second.db.posts.toArray()
    expect(await second.sync.pending('posts')).toMatchObject([{ key: row!.id, kind: 'update' }])
    let over = false
    const pushed = second.sync.whenPushed('posts', row!.id!).finally(() => {
      over = true
    })
    await first.device.settle()
    expect(over).toBe(false)
    edit.release()
    expect(await first.until(pushed)).toEqual({ outcome: 'accepted' })
    expect(first.backend.rows('posts')).toMatchObject([{ title: 'edited' }])
  })

  it('ends when the leader crashes while it waits', async () => {
    const first = await journey()
    await first.settled()
    const second = await secondTab(first)
    const held = first.backend.holdNext({ method: 'POST' })
    await second.db.notes.add({ id: 'n', text: 'once' })
    const pushed = second.sync.whenPushed('notes', 'n')
    await first.until(held.arrived)
    first.tab.crash()
    held.release()
    expect(await first.until(pushed)).toEqual({ outcome: 'accepted' })
    expect(first.backend.rows('notes')).toHaveLength(1)
  })
})

describe('waiting for a row to be pushed, and a login that ends', () => {
  it.each(['discard', 'keep'] as const)(
    'rejects when it is wiped by signOut(%s), in every tab',
    async (pending) => {
      const world = users('A')
      const first = await journey(world)
      await first.settled()
      const second = await secondTab(first, world.config)
      first.setOnline(false)
      await second.db.notes.add({ id: 'n', text: 'of A' })
      const pushed = [first, second].map(({ sync }) => sync.whenPushed('notes', 'n').catch((error) => error))
      await first.device.settle()
      await first.until(first.sync.signOut({ pending }))
      for (const error of await first.until(Promise.all(pushed))) expect(error).toEqual(code('signed-out'))
    },
  )

  it('of somebody else waits for their turn, and ends with the answer', async () => {
    const world = users('A')
    const { db, sync, until, settled, device } = await journey(world)
    await settled()
    world.user = 'B'
    await db.notes.add({ id: 'b', text: 'of B' })
    let over = false
    const pushed = sync.whenPushed('notes', 'b').finally(() => {
      over = true
    })
    await device.advance(120_000)
    expect(over).toBe(false)
    await until(sync.signOut({ pending: 'discard' }))
    expect(await until(pushed)).toEqual({ outcome: 'accepted' })
    expect(world.rows('B', 'notes')).toMatchObject([{ text: 'of B' }])
  })
})
