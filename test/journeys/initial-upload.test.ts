import { describe, expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

describe('rows that were there before the app had sync', () => {
  it('stay at home unless told otherwise, and edits of others do not fail for them', async () => {
    const { db, backend, settled } = await journey({
      before: async (db) => void (await db.notes.bulkAdd([{ id: 'old', text: 'private' }])),
    })
    await settled()
    expect(backend.asked({ method: 'POST' })).toEqual([])
    await db.notes.add({ id: 'new', text: 'shared' })
    await settled()
    expect(backend.rows('notes')).toMatchObject([{ id: 'new' }])
    expect((await db.notes.get('old'))?.text).toBe('private')
  })

  it('are uploaded once with initialUpload, their ++id replaced where the server has its own row of that key', async () => {
    const backend = createBackend()
    backend.insert('posts', { title: 'of the server, key 1' })
    const { db, settled } = await journey({
      backend,
      config: { initialUpload: true },
      before: async (db) =>
        void (await db.posts.bulkAdd([{ title: 'mine, key 1' }, { title: 'mine, key 2' }])),
    })
    await settled()
    expect(backend.rows('posts').map(({ title }) => title)).toEqual([
      'of the server, key 1',
      'mine, key 1',
      'mine, key 2',
    ])
    expect(await db.posts.count()).toBe(3)
    await expectSameRows(db, backend)
  })

  it('are uploaded once although the page is closed in the middle', async () => {
    const start = await journey({
      config: { initialUpload: true },
      before: async (db) =>
        void (await db.posts.bulkAdd(Array.from({ length: 40 }, (_, i) => ({ title: `${i}` })))),
    })
    const held = start.backend.holdNext({ method: 'POST' })
    await start.until(held.arrived)
    const { db, backend, settled } = await start.reload()
    await settled()
    expect(backend.rows('posts')).toHaveLength(40)
    await expectSameRows(db, backend)
  })

  it('are never overwritten by a row of the server that happens to have their key', async () => {
    const backend = createBackend()
    backend.insert('posts', { title: 'of the server' })
    const { db, sync, until, synced } = await journey({
      backend,
      before: async (db) => void (await db.posts.add({ title: 'mine' })),
    })
    await synced()
    expect((await db.posts.get(1))?.title).toBe('mine')
    const [conflict] = await sync.conflicts.list()
    expect(conflict).toMatchObject({ table: 'posts', key: 1, state: 'parked', code: 'existing-row' })
    await until(sync.conflicts.resolve(conflict!.id, 'remote'))
    await synced()
    expect((await db.posts.get(1))?.title).toBe('of the server')
  })
})
