import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

describe('a row deleted elsewhere', () => {
  it('goes here too, by its tombstone', async () => {
    const { db, backend, settled, synced } = await journey()
    await db.notes.bulkAdd([
      { id: 'a', text: 'stays' },
      { id: 'b', text: 'goes' },
    ])
    await settled()
    backend.erase('notes', 'b')
    await synced()
    expect((await db.notes.toArray()).map(({ id }) => id)).toEqual(['a'])
    await expectSameRows(db, backend)
  })

  it('was never here: its tombstone does no harm', async () => {
    const { db, backend, synced } = await journey()
    backend.insert('posts', { title: 'short-lived' })
    backend.erase('posts', 1)
    await synced()
    expect(await db.posts.count()).toBe(0)
  })

  it('can come back when somebody makes it again', async () => {
    const { db, backend, settled, synced } = await journey()
    await db.notes.add({ id: 'n', text: 'first life' })
    await settled()
    backend.erase('notes', 'n')
    await synced()
    backend.change('notes', 'n', { text: 'second life', deleted_at: undefined })
    await synced()
    expect((await db.notes.get('n'))?.text).toBe('second life')
  })

  it('is told by a list of deleted keys as well', async () => {
    const { db, backend, settled, synced } = await journey()
    await db.notes.add({ id: 'n', text: 'listed' })
    await settled()
    backend.store.remove('notes', 'n')
    backend.respondNext(
      1,
      { status: 200, body: { data: [], deleted: ['n'] } },
      { method: 'GET', path: '/api/notes' },
    )
    await synced()
    expect(await db.notes.count()).toBe(0)
  })

  it('and here as well, at the same time, is simply gone', async () => {
    const { db, sync, backend, setOnline, settled } = await journey()
    await db.notes.add({ id: 'n', text: 'unloved' })
    await settled()
    setOnline(false)
    backend.erase('notes', 'n')
    await db.notes.delete('n')
    setOnline(true)
    await settled()
    expect(await sync.getDeadLetters()).toEqual([])
    expect(await sync.conflicts.list()).toEqual([])
    await expectSameRows(db, backend)
  })
})
