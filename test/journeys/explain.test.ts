import { describe, expect, it } from 'vitest'
import { secondTab } from '../hostile/second-tab'
import { createBackend } from '../support/backend'
import { type Journey, journey, status } from '../support/journey'

async function withNote(): Promise<Journey> {
  const backend = createBackend()
  backend.insert('notes', { id: 'n', text: 'theirs' })
  const here = await journey({ backend })
  await here.synced()
  return here
}

describe('explaining a row', () => {
  it('that is settled: nothing waits', async () => {
    const { sync } = await withNote()
    const told = await sync.explain('notes', 'n')
    expect(told).toMatchObject({ table: 'notes', key: 'n', local: { text: 'theirs' }, entries: [] })
    expect(told.why).toBe('nothing-waits')
    expect(told).not.toHaveProperty('base')
  })

  it('that does not exist is no error', async () => {
    const { sync } = await withNote()
    const told = await sync.explain('notes', 'none')
    expect(told).toEqual({ table: 'notes', key: 'none', local: null, entries: [], why: 'nothing-waits' })
  })

  it('of a table that is not synced is refused', async () => {
    const { sync } = await withNote()
    await expect(sync.explain('nowhere', 1)).rejects.toMatchObject({ code: 'unknown-table' })
  })

  it('that waits for a connection tells what it stands on', async () => {
    const { db, sync, setOnline, until } = await withNote()
    setOnline(false)
    await until(status(sync, ({ state }) => state === 'offline'))
    await db.notes.update('n', { text: 'mine' })
    const told = await sync.explain('notes', 'n')
    expect(told).toMatchObject({ local: { text: 'mine' }, base: { text: 'theirs' }, why: 'offline' })
    expect(told.entries).toMatchObject([{ kind: 'update', state: 'waiting', op: expect.any(String) }])
  })

  it('that was accepted says so, under the key the server made', async () => {
    const { db, sync, until } = await withNote()
    const id = await db.posts.add({ title: 'x' })
    await until(sync.whenPushed('posts', id))
    const told = await sync.explain('posts', id)
    expect(told).toMatchObject({ key: 1, last: { outcome: 'accepted', at: expect.any(Number) } })
  })

  it('whose request fails tells how often, why, and when it goes again', async () => {
    const { db, sync, backend, until, device } = await withNote()
    backend.respondNext(1, { status: 500 }, { method: 'POST' })
    await db.notes.add({ id: 'new', text: 'x' })
    await until(new Promise<void>((resolve) => sync.once('push-complete', () => resolve())))
    const told = await sync.explain('notes', 'new')
    expect(told.entries).toMatchObject([{ state: 'sent', attempts: 1, reason: { status: 500 } }])
    expect(told.why).toBe('not-due')
    expect(told.nextAttempt).toBeGreaterThan(device.now())
  })

  it('while the server is away tells until when it is left alone', async () => {
    const { db, sync, backend, until, device } = await withNote()
    const busy = { status: 503, headers: { 'retry-after': '600' } }
    backend.respondNext(10, busy)
    await db.notes.add({ id: 'new', text: 'x' })
    await until(new Promise<void>((resolve) => sync.once('push-complete', () => resolve())))
    await device.settle()
    const told = await sync.explain('notes', 'new')
    expect(told.why).toBe('server-away')
    expect(told.nextAttempt).toBeGreaterThan(device.now() + 500_000)
  })

  it('that was refused names the letter and the reason', async () => {
    const { db, sync, backend, settled } = await withNote()
    backend.respondNext(1, { status: 422 }, { method: 'POST' })
    await db.notes.add({ id: 'new', text: 'x' })
    await settled()
    const [letter] = await sync.deadLetters.list()
    const told = await sync.explain('notes', 'new')
    expect(told.entries).toMatchObject([{ state: 'dead', heldBy: letter?.id, reason: { status: 422 } }])
    expect(told.why).toBe('dead-letter')
  })

  it('tells of a pause, in a follower as in the leader', async () => {
    const first = await withNote()
    const second = await secondTab(first)
    await first.until(second.sync.pauseTable('notes'))
    await second.db.notes.update('n', { text: 'mine' })
    for (const { sync } of [first, second])
      expect((await sync.explain('notes', 'n')).why).toBe('table-paused')
    await first.until(first.sync.pause())
    await first.device.settle()
    for (const { sync } of [first, second]) expect((await sync.explain('notes', 'n')).why).toBe('paused')
  })

  it('shows the row of the server that waits for an answer, and what was given up', async () => {
    const { db, sync, backend, until } = await withNote()
    const held = backend.holdNext({ method: 'PATCH' }, { applied: false })
    await db.notes.update('n', { text: 'mine' })
    await until(held.arrived)
    backend.change('notes', 'n', { text: 'newer' })
    await until(sync.pull())
    expect(await sync.explain('notes', 'n')).toMatchObject({ incoming: { text: 'newer' }, why: 'on-its-way' })
    await sync.discard('notes', 'n')
    expect((await sync.explain('notes', 'n')).why).toBe('discarding')
    held.release()
  })
})
