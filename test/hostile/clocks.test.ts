import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

describe('a clock that is set back by a day', () => {
  it('while a request waits for its next try does not make it wait for a day', async () => {
    const { db, backend, settled, device, until } = await journey()
    await settled()
    backend.respondNext(1, { status: 500, body: { error: 'oops' } }, { method: 'POST' })
    const sent = backend.nextRequest({ method: 'POST' })
    await db.posts.add({ title: 'x' })
    await until(sent)
    await device.settle()
    device.jumpClock(-86_400_000)
    await device.advance(300_000)
    expect(backend.rows('posts')).toHaveLength(1)
    await settled()
    await expectSameRows(db, backend)
  })

  it('while the server is left alone does not leave it alone for a day', async () => {
    const { db, backend, settled, device, until } = await journey()
    await settled()
    backend.respondNext(1, { status: 503, headers: { 'retry-after': '20' } }, { method: 'POST' })
    const sent = backend.nextRequest({ method: 'POST' })
    await db.posts.add({ title: 'x' })
    await until(sent)
    await device.settle()
    device.jumpClock(-86_400_000)
    await device.advance(300_000)
    expect(backend.rows('posts')).toHaveLength(1)
    await settled()
    await expectSameRows(db, backend)
  })
})
