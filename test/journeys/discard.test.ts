import { describe, expect, it } from 'vitest'
import { secondTab } from '../hostile/second-tab'
import { createBackend } from '../support/backend'
import { expectSameRows, type Journey, journey, status } from '../support/journey'

/** A device that holds one note of the server, and is cut off. */
async function withNote(): Promise<Journey> {
  const backend = createBackend()
  backend.insert('notes', { id: 'n', text: 'theirs' })
  const here = await journey({ backend })
  await here.synced()
  here.setOnline(false)
  return here
}

/** Connected again and quiet: nothing was sent of notes, and both sides hold the same. */
async function nothingSent({ setOnline, synced, db, backend, sync }: Journey): Promise<void> {
  const writes = () => backend.requests.filter(({ method }) => method !== 'GET').length
  const before = writes()
  setOnline(true)
  await synced()
  expect(writes()).toBe(before)
  expect(await sync.pending()).toEqual([])
  await expectSameRows(db, backend)
}

describe('discarding the changes of a row', () => {
  it('brings an edited row back to what the server has', async () => {
    const here = await withNote()
    const { db, sync } = here
    await db.notes.update('n', { text: 'mine' })
    await db.notes.update('n', { text: 'mine again' })
    await sync.discard('notes', 'n')
    expect((await db.notes.get('n'))?.text).toBe('theirs')
    await nothingSent(here)
  })

  it('brings a deleted row back', async () => {
    const here = await withNote()
    await here.db.notes.delete('n')
    await here.sync.discard('notes', 'n')
    expect((await here.db.notes.get('n'))?.text).toBe('theirs')
    await nothingSent(here)
  })

  it('removes a row the server never had', async () => {
    const here = await withNote()
    const id = await here.db.posts.add({ title: 'mine' })
    await here.sync.discard('posts', id)
    expect(await here.db.posts.toArray()).toEqual([])
    await nothingSent(here)
  })

  it('tells those who wait for it', async () => {
    const { db, sync, until } = await withNote()
    await db.notes.update('n', { text: 'mine' })
    const pushed = sync.whenPushed('notes', 'n')
    await sync.discard('notes', 'n')
    expect(await until(pushed)).toEqual({ outcome: 'discarded' })
  })

  it('does nothing where nothing waits', async () => {
    const { db, sync } = await withNote()
    await sync.discard('notes', 'n')
    await sync.discard('notes', 'no such row')
    expect((await db.notes.get('n'))?.text).toBe('theirs')
  })

  it('takes its dead letter with it, and keeps what has come from the server since', async () => {
    const here = await withNote()
    const { db, sync, backend, setOnline, synced, until } = here
    await db.notes.update('n', { text: 'refused' })
    backend.respondNext(1, { status: 422 }, { method: 'PATCH' })
    setOnline(true)
    await synced()
    expect(sync.getStatus().deadLetters).toBe(1)
    await db.notes.update('n', { text: 'behind it' })
    backend.change('notes', 'n', { text: 'newer' })
    await until(sync.sync())
    await sync.discard('notes', 'n')
    expect((await db.notes.get('n'))?.text).toBe('newer')
    expect(await sync.deadLetters.list()).toEqual([])
    await nothingSent(here)
    expect(sync.getStatus().deadLetters).toBe(0)
  })

  it('takes one row out of a parked mass deletion, and the others go on waiting', async () => {
    const backend = createBackend()
    for (let i = 0; i < 30; i++) backend.insert('notes', { id: `n${i}`, text: 'x' })
    const { db, sync, synced, until } = await journey({ backend })
    await synced()
    await db.notes.clear()
    await until(sync.push())
    await sync.discard('notes', 'n3')
    expect(await db.notes.toArray()).toMatchObject([{ id: 'n3' }])
    const [conflict] = await sync.conflicts.list()
    expect(conflict).toMatchObject({ state: 'parked', code: 'mass-delete' })
    await sync.conflicts.resolve(conflict!.id, 'local')
    await synced()
    expect(backend.rows('notes')).toMatchObject([{ id: 'n3' }])
    await expectSameRows(db, backend)
  })
})

describe('discarding what is on its way', () => {
  const update = { method: 'PATCH' }

  async function sent() {
    const here = await withNote()
    await here.db.notes.update('n', { text: 'mine' })
    return here
  }

  it('lets an accepted change stand, and drops what was written behind it', async () => {
    const { db, sync, backend, until, setOnline, synced } = await sent()
    const held = backend.holdNext(update)
    setOnline(true)
    await until(held.arrived)
    await db.notes.update('n', { text: 'behind' })
    await sync.discard('notes', 'n')
    held.release()
    await synced()
    expect(backend.rows('notes')).toMatchObject([{ text: 'mine' }])
    await expectSameRows(db, backend)
    expect(backend.asked(update)).toHaveLength(1)
  })

  /** The change leaves, three times in a row, and no answer comes. */
  async function leavesInVain({ backend, setOnline, until }: Journey, { sync }: Pick<Journey, 'sync'>) {
    backend.dropRequest(3, update)
    const asked = backend.nextRequest(update)
    setOnline(true)
    await until(asked)
    await until(status(sync, ({ state }) => state === 'offline'))
  }

  /** A change that has left, and of which nobody knows whether it arrived. */
  async function unanswered() {
    const here = await sent()
    await leavesInVain(here, here)
    expect(await here.sync.pending()).toMatchObject([{ state: 'sent' }])
    return here
  }

  it.each([
    ['refused', { status: 422 }],
    ['answered with a conflict', { status: 409 }],
  ])('leaves nothing of a change that is then %s', async (_, answer) => {
    const { db, sync, backend, synced, until } = await unanswered()
    const pushed = sync.whenPushed('notes', 'n')
    await sync.discard('notes', 'n')
    backend.respondNext(1, answer, update)
    await synced()
    expect(backend.asked(update)).toHaveLength(4)
    expect(await until(pushed)).toEqual({ outcome: 'discarded' })
    expect(await sync.deadLetters.list()).toEqual([])
    expect(await sync.conflicts.list()).toEqual([])
    expect((await db.notes.get('n'))?.text).toBe('theirs')
    await expectSameRows(db, backend)
  })

  it('keeps what is written after it', async () => {
    const { db, sync, backend, synced } = await unanswered()
    await sync.discard('notes', 'n')
    await db.notes.update('n', { title: 'kept' } as object)
    backend.respondNext(1, { status: 422 }, update)
    await synced()
    expect(backend.rows('notes')).toMatchObject([{ text: 'theirs', title: 'kept' }])
    await expectSameRows(db, backend)
  })

  it('takes the row that came from the server meanwhile', async () => {
    const { db, sync, backend, synced, until } = await unanswered()
    await sync.discard('notes', 'n')
    backend.change('notes', 'n', { text: 'newer' })
    await until(sync.pull())
    backend.respondNext(1, { status: 422 }, update)
    await synced()
    expect((await db.notes.get('n'))?.text).toBe('newer')
    await expectSameRows(db, backend)
  })

  it('deletes at the server what it turns out to have made', async () => {
    const { db, sync, backend, until, setOnline, synced } = await withNote()
    const held = backend.holdNext({ method: 'POST' })
    const id = await db.posts.add({ title: 'mine' })
    setOnline(true)
    await until(held.arrived)
    await sync.discard('posts', id)
    expect(await db.posts.toArray()).toEqual([])
    held.release()
    await synced()
    expect(backend.asked({ method: 'DELETE' })).toHaveLength(1)
    expect(backend.rows('posts')).toEqual([])
    await expectSameRows(db, backend)
  })

  it('in a follower is not forgotten when the leader crashes', async () => {
    const first = await withNote()
    const second = await secondTab(first)
    const { backend } = first
    await second.db.notes.update('n', { text: 'mine' })
    await leavesInVain(first, second)
    expect(await second.sync.pending()).toMatchObject([{ state: 'sent' }])
    await second.sync.discard('notes', 'n')
    first.tab.crash()
    backend.respondNext(1, { status: 422 }, update)
    await first.until(second.sync.whenInSync())
    expect(backend.asked(update)).toHaveLength(4)
    expect(await second.sync.deadLetters.list()).toEqual([])
    expect((await second.db.notes.get('n'))?.text).toBe('theirs')
    await expectSameRows(second.db, backend)
  })
})
