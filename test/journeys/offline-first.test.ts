import { describe, expect, it } from 'vitest'
import { expectSameRows, journey, status } from '../support/journey'

describe('an app that is used offline first', () => {
  it('works while there is no connection, and the server has it all once there is', async () => {
    const { db, sync, backend, device, until, setOnline, settled } = await journey({ online: false })
    const first = await db.posts.add({ title: 'On the train' })
    await db.posts.add({ title: 'In the tunnel' })
    await db.posts.update(first, { likes: 3 })
    await db.notes.put({ id: 'n1', text: 'packed lunch' })
    expect((await db.posts.get(first))?.likes).toBe(3)

    await device.advance(2 * 3_600_000)
    await until(status(sync, ({ state }) => state === 'offline'))
    expect(sync.getStatus()).toMatchObject({ online: false, pending: 4 })
    expect(await sync.getQueueDepth()).toBe(4)
    expect(backend.requests).toEqual([])

    setOnline(true)
    await settled()
    const sent = backend.rows('posts').sort((a, b) => String(b.title).localeCompare(String(a.title)))
    expect(sent).toMatchObject([{ title: 'On the train', likes: 3 }, { title: 'In the tunnel' }])
    expect(await sync.hasUnsyncedChanges()).toBe(false)
    await expectSameRows(db, backend)
  })

  it('sends one request for what was edited many times', async () => {
    const { db, backend, setOnline, settled, synced } = await journey()
    const id = await db.posts.add({ title: 'draft' })
    await settled()
    const key = backend.rows('posts')[0]?.id as number
    setOnline(false)
    for (const likes of [1, 2, 3, 4, 5]) await db.posts.update(key, { likes })
    await db.posts.update(key, { title: 'final' })
    setOnline(true)
    await settled()
    const patches = backend.asked({ method: 'PATCH' })
    expect(patches.map(({ path, body }) => [path, body])).toEqual([
      [`/api/posts/${key}`, { title: 'final', likes: 5 }],
    ])
    expect(id).toBeLessThan(0)
    await synced()
    await expectSameRows(db, backend)
  })

  it('never tells the server of a row that was made and deleted offline', async () => {
    const { db, backend, setOnline, settled } = await journey({ online: false })
    const id = await db.posts.add({ title: 'a thought' })
    await db.posts.delete(id)
    setOnline(true)
    await settled()
    expect(backend.asked({ method: 'POST' })).toEqual([])
    expect(backend.asked({ method: 'DELETE' })).toEqual([])
    await expectSameRows(db, backend)
  })

  it('loses nothing when the transaction of the app fails, because nothing was written', async () => {
    const { db, sync, backend, settled } = await journey()
    const failed = db.transaction('rw', db.posts, async () => {
      await db.posts.add({ title: 'half' })
      throw new Error('changed my mind')
    })
    await expect(failed).rejects.toThrow('changed my mind')
    await settled()
    expect(await sync.getQueueDepth()).toBe(0)
    expect(backend.asked({ method: 'POST' })).toEqual([])
  })

  it('takes writes from the line after startSync on, and over a reload', async () => {
    const start = await journey({ online: false })
    await start.db.posts.add({ title: 'before the crash' })
    const { db, backend, setOnline, settled } = await start.reload()
    await db.posts.add({ title: 'after it' })
    setOnline(true)
    await settled()
    expect(backend.rows('posts').map(({ title }) => title)).toEqual(['before the crash', 'after it'])
    await expectSameRows(db, backend)
  })
})
