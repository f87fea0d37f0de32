import { describe, expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

const post = { method: 'POST' }

describe('a server that is not well', () => {
  it('is left alone for as long as it asks, and not a moment less', async () => {
    const { db, backend, device, settled } = await journey()
    await settled()
    backend.respondNext(1, { status: 503, headers: { 'retry-after': '120' } }, post)
    await db.posts.add({ title: 'patient' })
    await device.advance(30_000)
    const asked = backend.requests.length
    await device.advance(85_000)
    expect(backend.requests.length).toBe(asked)
    await settled()
    expect(backend.rows('posts')).toMatchObject([{ title: 'patient' }])
    await expectSameRows(db, backend)
  })

  it('is left alone after a reload too', async () => {
    const start = await journey()
    await start.settled()
    start.backend.respondNext(1, { status: 503, headers: { 'retry-after': '600' } }, post)
    await start.db.posts.add({ title: 'patient' })
    await start.device.advance(30_000)
    const { backend, device, settled } = await start.reload()
    const asked = backend.requests.length
    await device.advance(500_000)
    expect(backend.requests.length).toBe(asked)
    await settled()
    expect(backend.rows('posts')).toHaveLength(1)
  })

  it('for two hours makes no dead letter and is asked less and less', async () => {
    const { db, sync, backend, device, settled } = await journey()
    await settled()
    backend.respondNext(10_000, { status: 503 })
    const asked = backend.requests.length
    await db.posts.add({ title: 'patient' })
    await device.advance(2 * 3_600_000)
    const requests = backend.requests.length - asked
    expect(requests).toBeGreaterThan(5)
    expect(requests).toBeLessThan(600)
    expect(await sync.getDeadLetters()).toEqual([])
    expect(sync.getStatus()).toMatchObject({ state: 'offline', pending: 1 })
  })

  it('gets one change at a time to try, and all of them when it is back', async () => {
    const { db, backend, device, settled } = await journey()
    await settled()
    backend.down()
    await db.notes.bulkAdd(Array.from({ length: 20 }, (_, i) => ({ id: `n${i}`, text: 'x' })))
    await device.advance(3_600_000)
    backend.up()
    await settled()
    expect(backend.asked(post)).toHaveLength(20)
    await expectSameRows(db, backend)
  })

  it('is asked at once when the user asks', async () => {
    const { db, backend, device, until, settled, sync } = await journey()
    await settled()
    backend.down()
    await db.posts.add({ title: 'impatient' })
    await device.advance(3_600_000)
    backend.up()
    const before = device.now()
    await until(sync.sync())
    await settled()
    expect(device.now() - before).toBeLessThan(5_000)
    expect(backend.rows('posts')).toHaveLength(1)
  })
})

describe('one change that fails while the server is well', () => {
  it('is given up after maxRetries, and the others were never held up', async () => {
    const { db, sync, backend, device } = await journey({ config: { errors: { maxRetries: 3 } } })
    await device.advance(1000)
    backend.respondNext(1_000, { status: 500 }, { method: 'PATCH', path: '/api/notes/poison' })
    await db.notes.bulkAdd([
      { id: 'poison', text: 'x' },
      { id: 'fine', text: 'x' },
    ])
    await device.advance(60_000)
    await db.notes.update('poison', { text: 'y' })
    await db.notes.update('fine', { text: 'y' })
    await device.advance(3_600_000)
    expect(backend.store.get('notes', 'fine')).toMatchObject({ text: 'y' })
    expect(await sync.getDeadLetters()).toMatchObject([{ table: 'notes', key: 'poison', attempts: 4 }])
  })

  it('is not given up for a connection that breaks, where a new release allows fewer retries', async () => {
    let ill = true
    const backend = createBackend({
      guard: ({ method }) => (ill && method === 'PATCH' ? { status: 500 } : undefined),
    })
    const { db, event, device, reload, settled } = await journey({ backend })
    await settled()
    await db.notes.add({ id: 'poison', text: 'x' })
    await settled()
    await db.notes.update('poison', { text: 'y' })
    for (let failed = 0; failed < 3; failed++) await event('push-error')
    await device.settle()
    ill = false
    backend.dropRequest(3, { method: 'PATCH' })
    const again = await reload({ errors: { maxRetries: 1 } })
    await again.settled()
    expect(await again.sync.getDeadLetters()).toEqual([])
    expect(backend.rows('notes')).toMatchObject([{ text: 'y' }])
  })

  it('has its attempts counted over reloads', async () => {
    let here = await journey({ config: { errors: { maxRetries: 4 } } })
    here.backend.respondNext(1_000, { status: 500 }, { method: 'PATCH' })
    await here.db.notes.add({ id: 'poison', text: 'x' })
    await here.settled()
    await here.db.notes.update('poison', { text: 'y' })
    for (let i = 0; i < 6; i++) {
      await here.device.advance(600_000)
      here = await here.reload()
    }
    await here.device.advance(600_000)
    expect(await here.sync.getDeadLetters()).toMatchObject([{ key: 'poison' }])
    expect(here.backend.asked({ method: 'PATCH' }).length).toBeLessThanOrEqual(4 * 3)
  })
})
