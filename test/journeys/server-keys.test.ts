import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

describe('a table whose keys the server makes', () => {
  it('gives a new row a temporary key, then the key of the server, and says so', async () => {
    const { db, sync, backend, settled } = await journey()
    const assigned: unknown[] = []
    sync.on('key-assigned', (event) => assigned.push(event))
    const temporary = await db.posts.add({ title: 'new' })
    expect(temporary).toBeLessThan(0)
    expect(await sync.resolveKey('posts', temporary)).toBeUndefined()
    await settled()
    const key = backend.rows('posts')[0]?.id
    expect(assigned).toEqual([{ table: 'posts', temporary, key }])
    expect(await sync.resolveKey('posts', temporary)).toBe(key)
    expect(await db.posts.toCollection().primaryKeys()).toEqual([key])
    expect(backend.asked({ method: 'POST' })[0]?.body).toEqual({ title: 'new' })
  })

  it('lets a form that still holds the temporary key read, change and delete the row', async () => {
    const { db, backend, settled } = await journey()
    const temporary = await db.posts.add({ title: 'new' })
    await settled()
    expect((await db.posts.get(temporary))?.title).toBe('new')
    expect(await db.posts.update(temporary, { title: 'changed by the old key' })).toBe(1)
    await settled()
    expect(backend.rows('posts')).toMatchObject([{ title: 'changed by the old key' }])
    await expectSameRows(db, backend)
    await db.posts.delete(temporary)
    await settled()
    expect(await db.posts.count()).toBe(0)
    expect(backend.rows('posts')).toEqual([])
  })

  it('still knows the temporary key after a reload', async () => {
    const start = await journey()
    const temporary = await start.db.posts.add({ title: 'new' })
    await start.settled()
    const { db, sync, backend } = await start.reload()
    expect(await sync.resolveKey('posts', temporary)).toBe(backend.rows('posts')[0]?.id)
    expect((await db.posts.get(temporary))?.title).toBe('new')
  })

  it('refuses a key the app made', async () => {
    const { db } = await journey()
    await expect(db.posts.add({ id: 5, title: 'mine' })).rejects.toMatchObject({ code: 'server-key' })
    expect(await db.posts.count()).toBe(0)
  })

  it('never takes a second row for the first one: keys are not drawn twice', async () => {
    const { db, setOnline, backend, settled } = await journey({ online: false })
    const keys = await db.posts.bulkAdd(
      Array.from({ length: 300 }, (_, i) => ({ title: `${i}` })),
      { allKeys: true },
    )
    expect(new Set(keys).size).toBe(300)
    setOnline(true)
    await settled()
    expect(backend.rows('posts')).toHaveLength(300)
    await expectSameRows(db, backend)
  })
})
