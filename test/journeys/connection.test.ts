import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

describe('a connection that comes and goes', () => {
  it('a thousand times in a second costs one cycle (E9)', async () => {
    const { db, backend, device, settled } = await journey({ config: { sync: { interval: 0 } } })
    await settled()
    const asked = backend.requests.length
    for (let i = 0; i < 1_000; i++) {
      device.setOnline(i % 2 === 1)
      await device.advance(1)
    }
    await device.advance(10_000)
    const [first, ...more] = backend.requests.slice(asked).map(({ path }) => path)
    expect(first).toBeDefined()
    expect(more.length).toBeLessThan(3)
    await db.notes.add({ id: 'n', text: 'x' })
    await settled()
    await expectSameRows(db, backend)
  })

  it('is used a moment after it is back', async () => {
    const { db, backend, device, setOnline, until, settled } = await journey({
      config: { sync: { interval: 0 } },
    })
    await settled()
    setOnline(false)
    await db.notes.add({ id: 'n', text: 'x' })
    await device.advance(3_600_000)
    const request = backend.nextRequest({ method: 'POST' })
    const back = device.now()
    setOnline(true)
    await until(request)
    expect(device.now() - back).toBeLessThan(1_500)
  })

  it('does not storm a server that has said it is busy', async () => {
    const { db, backend, tab, device, settled } = await journey()
    await settled()
    backend.respondNext(1_000, { status: 503 }, { method: 'POST' })
    await db.notes.add({ id: 'n', text: 'x' })
    await device.advance(1_200_000)
    const asked = backend.requests.length
    for (let i = 0; i < 60; i++) {
      tab.setOnline(false)
      await device.advance(1)
      tab.setOnline(true)
      await device.advance(2_000)
    }
    expect(backend.requests.length - asked).toBeLessThan(12)
  })
})

describe('a browser that is wrong about the connection', () => {
  it('and says there is none: a sync that is asked for goes through', async () => {
    const { db, sync, backend, tab, device, until } = await journey()
    await device.advance(1_000)
    tab.setOnline(false)
    await db.notes.add({ id: 'n', text: 'x' })
    await until(sync.sync())
    expect(backend.rows('notes')).toHaveLength(1)
    await expectSameRows(db, backend)
  })

  it('and says there is none: it is tried all the same, every five minutes', async () => {
    const { db, sync, backend, tab, device } = await journey()
    await device.advance(1_000)
    tab.setOnline(false)
    await db.notes.add({ id: 'n', text: 'x' })
    await device.advance(330_000)
    expect(backend.rows('notes')).toHaveLength(1)
    const asked = backend.requests.length
    await device.advance(3_600_000)
    const cycles = backend.asked({ path: '/api/notes', method: 'GET' })
    expect(backend.requests.length - asked).toBeLessThanOrEqual(13 * 2)
    expect(cycles.length).toBeGreaterThan(10)
    expect(sync.getStatus().online).toBe(false)
    await expectSameRows(db, backend)
  })

  it('and says there is one: an hour without costs little, and nothing is lost', async () => {
    const { db, sync, backend, tab, device, settled } = await journey()
    await settled()
    let tries = 0
    backend.down()
    const { fetch } = tab
    tab.fetch = (request) => {
      tries++
      return fetch(request)
    }
    await db.notes.bulkAdd(Array.from({ length: 20 }, (_, i) => ({ id: `n${i}`, text: 'x' })))
    await device.advance(3_600_000)
    expect(tab.isOnline()).toBe(true)
    expect(sync.getStatus()).toMatchObject({ state: 'offline', pending: 20, deadLetters: 0 })
    expect(tries).toBeGreaterThan(50)
    expect(tries).toBeLessThan(250)
    backend.up()
    await settled()
    await expectSameRows(db, backend)
  })
})
