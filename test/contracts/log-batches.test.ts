import { describe, expect, it } from 'vitest'
import { eventLog } from '../support/journey'
import type { Mutation } from './log-server'
import { logWorld } from './log-world'
import { protocolPlace } from './protocol-place'

const noteIds = ['a', 'b', 'c', 'd']
const notes = (bad?: string) => noteIds.map((id) => ({ id, text: id === bad ? 'refused' : id }))
const push = { path: '/api/push' }

describe('a batch that is taken as a whole', () => {
  it.each(noteIds)('goes again without the change that is at fault (%s), under another id', async (bad) => {
    const world = logWorld()
    const { db, sync, settled } = await protocolPlace(world)
    await settled()
    await db.notes.bulkAdd(notes(bad))
    await settled()
    const sent = world.backend.asked(push)
    expect(sent.map(({ body }) => (body as { mutations: Mutation[] }).mutations.length)).toEqual([4, 3])
    expect(new Set(sent.map(({ headers }) => headers['idempotency-key'])).size).toBe(2)
    expect(world.rows('notes')).toHaveLength(3)
    expect(await sync.getDeadLetters()).toMatchObject([{ key: bad, attempts: 0 }])
  })

  it('is taken apart where nobody says who is at fault', async () => {
    const world = logWorld({ silent: true })
    const { db, sync, settled } = await protocolPlace(world)
    await settled()
    await db.notes.bulkAdd(notes('b'))
    await settled()
    expect(world.rows('notes').map(({ id }) => id)).toEqual(['a', 'c', 'd'])
    expect(await sync.getDeadLetters()).toMatchObject([{ key: 'b' }])
  })

  it('leaves the server its good name: a refusal is no reason to wait', async () => {
    const world = logWorld()
    const { db, sync, device, settled } = await protocolPlace(world)
    await settled()
    const heard = eventLog(sync, 'push-error', 'sync-error', 'unconfirmed-create')
    const before = device.now()
    await db.notes.bulkAdd(notes('a'))
    await settled()
    expect(device.now()).toBe(before)
    expect(heard).toEqual([])
  })

  it('counts as one failure when the server is away, however many changes it holds', async () => {
    const world = logWorld()
    const { db, device, settled, expectSameRows } = await protocolPlace(world)
    await settled()
    world.backend.respondNext(1, { status: 503 }, push)
    const before = device.now()
    await db.notes.bulkAdd(notes())
    await settled()
    expect(device.now() - before).toBeLessThanOrEqual(1_000)
    await expectSameRows()
  })

  it('takes what others did meanwhile into the changes it spared', async () => {
    const world = logWorld()
    const { db, sync, device, settled, expectSameRows } = await protocolPlace(world)
    for (const id of ['a', 'b']) world.insert('notes', { id, text: 'base' })
    await device.until(sync.sync())
    world.backend.respondNext(1, { status: 500 }, push)
    await db.notes.bulkPut([
      { id: 'a', text: 'mine' },
      { id: 'b', text: 'refused' },
    ])
    await device.settle()
    world.change('notes', 'a', { text: 'base', colour: 'blue' })
    await device.until(sync.pull())
    await device.until(sync.sync())
    await device.advance(10_000)
    const [letter] = await sync.getDeadLetters()
    await device.until(sync.deadLetters.discard(letter!.id))
    await settled()
    expect(world.rows('notes')).toMatchObject([{ text: 'mine', colour: 'blue' }, { text: 'base' }])
    await expectSameRows()
  })
})

describe('a request whose fate a page tells', () => {
  it('is not called unconfirmed while it is waited for', async () => {
    const world = logWorld({ slowness: 2 })
    const { db, sync, settled } = await protocolPlace(world)
    const heard = eventLog(sync, 'unconfirmed-create', 'push-error')
    await db.posts.add({ title: 'mine' })
    await settled()
    expect(heard).toEqual([])
  })

  it('is not sent again after its answer was lost: the page comes first', async () => {
    const world = logWorld()
    const { db, settled, expectSameRows } = await protocolPlace(world)
    await settled()
    world.backend.dropResponse(1, push)
    await db.posts.add({ title: 'once' })
    await settled()
    expect(world.backend.asked(push)).toHaveLength(1)
    await expectSameRows()
  })

  it('gives its row the key of the server', async () => {
    const world = logWorld()
    const { db, sync, settled } = await protocolPlace(world)
    await settled()
    const id = await db.posts.add({ title: 'mine' })
    await settled()
    const [row] = world.rows('posts')
    expect(await sync.resolveKey('posts', id)).toBe(row?.id)
    expect(await db.posts.toArray()).toEqual([row])
  })

  it('sets free what was written meanwhile, which leaves at once', async () => {
    const world = logWorld({ slowness: 2 })
    const { db, device, settled, expectSameRows } = await protocolPlace(world, { sync: { interval: 5_000 } })
    await settled()
    const sent = world.backend.nextRequest(push)
    await db.notes.add({ id: 'n', text: 'one' })
    await device.until(sent)
    await db.notes.update('n', { text: 'two' })
    const before = device.now()
    await settled()
    expect(world.rows('notes')).toMatchObject([{ text: 'two' }])
    expect(device.now() - before).toBeLessThanOrEqual(30_000)
    await expectSameRows()
  })

  it('is passed over when a page speaks of a request nobody here has sent', async () => {
    const world = logWorld()
    const other = await protocolPlace(world)
    await other.db.notes.add({ id: 'theirs', text: 'theirs' })
    await other.settled()
    const { sync, synced, expectSameRows } = await protocolPlace(world)
    await synced()
    expect(await sync.pending()).toEqual([])
    await expectSameRows()
  })
})
