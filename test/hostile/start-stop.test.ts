import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

describe('starting and stopping', () => {
  it.each([
    'stop stop start',
    'stop start stop start',
    'stop stop stop start stop start',
    'start stop stop start',
  ])('as %s without waiting leaves one engine, and nothing once it is stopped', async (words) => {
    const { db, sync, backend, settled, until, device } = await journey()
    await settled()
    let last: Promise<void> = Promise.resolve()
    for (const word of words.split(' ')) last = word === 'stop' ? sync.stop() : sync.start()
    await until(last)
    await db.posts.add({ title: 'x' })
    await settled()
    expect(backend.rows('posts')).toHaveLength(1)
    await expectSameRows(db, backend)
    await until(sync.stop())
    device.expectNothingLeft()
  })

  it('twice while it is just starting leaves nothing', async () => {
    const { sync, until, device, settled } = await journey()
    await settled()
    await until(sync.stop())
    void sync.start()
    void sync.stop()
    void sync.stop()
    const again = sync.start()
    await until(again)
    await settled()
    await until(sync.stop())
    device.expectNothingLeft()
  })
})
