import { describe, expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

describe('rows from before sync that were never uploaded', () => {
  it('are not overwritten by a new row to which the server gives the same key', async () => {
    const { db, sync, settled, synced, until, backend } = await journey({
      before: async (old) => {
        await old.posts.bulkAdd([{ title: 'diary 1' }, { title: 'diary 2' }])
      },
    })
    await settled()
    await db.posts.add({ title: 'new' })
    await settled()
    await synced()
    const titles = (await db.posts.toArray()).map(({ title }) => title).sort()
    expect(titles).toEqual(['diary 1', 'diary 2', 'new'])
    expect((await db.posts.get(1))?.title).toBe('new')
    for (const { id, state } of await sync.conflicts.list())
      if (state === 'parked') await until(sync.conflicts.resolve(id, 'local'))
    await settled()
    expect(
      backend
        .rows('posts')
        .map(({ title }) => title)
        .sort(),
    ).toEqual(['diary 1', 'new'])
  })

  it('are not removed by the deletion of another row of the same key', async () => {
    const backend = createBackend()
    backend.insert('posts', { title: 'somebody else' })
    backend.erase('posts', 1)
    const { db, sync, settled, synced } = await journey({
      backend,
      before: async (old) => {
        await old.posts.add({ title: 'diary 1' })
      },
    })
    await settled()
    await synced()
    expect(await db.posts.toArray()).toMatchObject([{ title: 'diary 1' }])
    expect(await sync.conflicts.list()).toMatchObject([{ state: 'parked' }])
  })

  it.each(['local', 'remote'] as const)(
    'parked, then edited, wait for the word %s, which both sides follow',
    async (word) => {
      const backend = createBackend()
      backend.insert('notes', { id: 'n1', text: 'theirs' })
      const { db, sync, settled, synced, until, device } = await journey({
        backend,
        before: async (old) => {
          await old.notes.add({ id: 'n1', text: 'mine' })
        },
      })
      await settled()
      const [conflict] = await sync.conflicts.list()
      expect(conflict).toMatchObject({ code: 'existing-row', state: 'parked' })
      await db.notes.update('n1', { text: 'mine, edited' })
      await device.advance(60_000)
      expect(backend.asked({ method: 'PATCH' })).toEqual([])
      expect((await db.notes.get('n1'))?.text).toBe('mine, edited')
      backend.change('notes', 'n1', { text: 'theirs, newer' })
      await until(sync.sync())
      await until(sync.conflicts.resolve(conflict!.id, word))
      await settled()
      await synced()
      expect((await db.notes.get('n1'))?.text).toBe(word === 'local' ? 'mine, edited' : 'theirs, newer')
      await expectSameRows(db, backend)
    },
  )
})
