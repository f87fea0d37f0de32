import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

describe('pausing', () => {
  it('stops the traffic but not the work, until resume', async () => {
    const { db, sync, backend, device, until, settled } = await journey()
    await settled()
    await until(sync.pause())
    expect(sync.getStatus().state).toBe('paused')
    const asked = backend.requests.length
    await db.posts.add({ title: 'quietly' })
    await device.advance(600_000)
    expect(backend.requests.length).toBe(asked)
    expect(sync.getStatus()).toMatchObject({ state: 'paused', pending: 1 })
    await until(sync.resume())
    await settled()
    expect(backend.rows('posts')).toMatchObject([{ title: 'quietly' }])
    await expectSameRows(db, backend)
  })

  it('lasts over a reload', async () => {
    const start = await journey()
    await start.until(start.sync.pause())
    const { db, sync, backend, device, until, settled } = await start.reload()
    const asked = backend.requests.length
    await db.posts.add({ title: 'later' })
    await device.advance(600_000)
    expect(sync.getStatus().state).toBe('paused')
    expect(backend.requests.length).toBe(asked)
    await until(sync.resume())
    await settled()
    expect(backend.rows('posts')).toHaveLength(1)
  })
})

describe('stopping', () => {
  it('ends everything in this tab but capture, and start goes on', async () => {
    const { db, sync, backend, device, until, settled } = await journey()
    await settled()
    await until(sync.stop())
    device.expectNothingLeft()
    expect(sync.getStatus().state).toBe('stopped')
    const asked = backend.requests.length
    await db.posts.add({ title: 'captured' })
    await device.advance(600_000)
    expect(backend.requests.length).toBe(asked)
    device.expectNothingLeft()
    await until(sync.start())
    await settled()
    expect(backend.rows('posts')).toMatchObject([{ title: 'captured' }])
    await expectSameRows(db, backend)
  })

  it('in the middle of a request leaves nothing behind, and the row arrives once after all', async () => {
    const { db, sync, backend, device, until, settled } = await journey()
    const held = backend.holdNext({ method: 'POST' })
    await db.posts.add({ title: 'once' })
    await until(held.arrived)
    await until(sync.stop())
    held.release()
    await device.settle()
    device.expectNothingLeft()
    await until(sync.start())
    await settled()
    expect(backend.rows('posts')).toHaveLength(1)
    await expectSameRows(db, backend)
  })

  it('twice, and starting twice, is once', async () => {
    const { sync, device, until } = await journey()
    await until(Promise.all([sync.start(), sync.start()]))
    await until(Promise.all([sync.stop(), sync.stop()]))
    device.expectNothingLeft()
  })
})
