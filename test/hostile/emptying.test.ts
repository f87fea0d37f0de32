import { describe, expect, it } from 'vitest'
import { createBackend, goodSemantics } from '../support/backend'
import { expectSameRows, type JourneyOptions, journey } from '../support/journey'
import { versionedRoutes } from '../support/versioned-routes'

const notes = (n: number, text = 'x') => Array.from({ length: n }, (_, i) => ({ id: `n${i}`, text }))

async function withNotes(n: number, options: JourneyOptions = {}) {
  const start = await journey(options)
  await start.db.notes.bulkAdd(notes(n))
  await start.settled()
  return start
}

describe('emptying a table at a bad moment', () => {
  it('while an edit of it is on its way is asked about all the same', async () => {
    const { db, sync, backend, device, until } = await withNotes(30)
    const held = backend.holdNext({ method: 'PATCH' })
    await db.notes.update('n1', { text: 'edited' })
    await until(held.arrived)
    await db.notes.clear()
    held.release()
    await device.advance(120_000)
    expect(backend.asked({ method: 'DELETE' })).toEqual([])
    expect(await sync.conflicts.list()).toMatchObject([{ code: 'mass-delete', state: 'parked' }])
  })

  it('while the local database fails once is asked about all the same', async () => {
    const { db, sync, backend, device, tab } = await withNotes(30)
    const { put } = IDBObjectStore.prototype
    let failures = 0
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: [unknown, IDBValidKey?]) {
      if (this.name === '_sync_conflicts' && failures++ === 0)
        throw new DOMException('full', 'QuotaExceededError')
      return put.apply(this, args)
    }
    try {
      await db.notes.clear()
      await device.advance(120_000)
    } finally {
      IDBObjectStore.prototype.put = put
    }
    expect(failures).toBeGreaterThan(1)
    tab.reports.splice(0)
    expect(backend.asked({ method: 'DELETE' })).toEqual([])
    expect(await sync.conflicts.list()).toMatchObject([{ code: 'mass-delete', state: 'parked' }])
  })

  it('and filling it again under the same keys sends the new rows once somebody says so', async () => {
    const { db, sync, backend, device, until, settled, synced } = await withNotes(30)
    await db.transaction('rw', db.notes, async () => {
      await db.notes.clear()
      await db.notes.bulkAdd(notes(30, 'imported'))
    })
    await device.advance(60_000)
    await until(sync.conflicts.resolve((await sync.conflicts.list())[0]!.id, 'local'))
    await settled()
    await synced()
    expect(new Set((await db.notes.toArray()).map(({ text }) => text))).toEqual(new Set(['imported']))
    await expectSameRows(db, backend)
  })

  it('and filling it again keeps the newer rows when the deletions are taken back', async () => {
    const { db, sync, backend, device, until, settled, synced } = await withNotes(30)
    await db.transaction('rw', db.notes, async () => {
      await db.notes.clear()
      await db.notes.bulkAdd(notes(10, 'imported'))
    })
    await device.advance(60_000)
    await until(sync.conflicts.resolve((await sync.conflicts.list())[0]!.id, 'remote'))
    await settled()
    await synced()
    expect(await db.notes.count()).toBe(30)
    await expectSameRows(db, backend)
    expect((await db.notes.get('n3'))?.text).toBe('imported')
  })

  it('while a new row is on its way brings that row back under its real key', async () => {
    const { db, sync, backend, device, until, settled, synced } = await journey()
    const held = backend.holdNext({ method: 'POST' })
    await db.posts.add({ title: 'on its way' })
    await until(held.arrived)
    await db.posts.clear()
    held.release()
    await device.advance(60_000)
    const [conflict] = await sync.conflicts.list()
    expect(conflict).toMatchObject({ code: 'mass-delete', state: 'parked' })
    await until(sync.conflicts.resolve(conflict!.id, 'remote'))
    await settled()
    await synced()
    expect(await db.posts.toArray()).toMatchObject([{ id: 1, title: 'on its way' }])
    await expectSameRows(db, backend)
  })

  it.each([
    ['at once', undefined],
    ['after a failure of the server', { status: 500 }],
  ])(
    'while an edit of it is refused for a newer row, %s, is asked about all the same',
    async (_, failure) => {
      const config = { routes: versionedRoutes, conflicts: { onDelete: 'client-wins' } } as const
      const semantics = goodSemantics({ answersConflicts: true })
      const { db, sync, backend, device, until, settled } = await withNotes(30, {
        config,
        backend: createBackend({ semantics }),
      })
      if (failure) backend.respondNext(1, failure, { method: 'PATCH' })
      const held = backend.holdNext({ method: 'PATCH' }, { applied: false })
      await db.notes.update('n1', { text: 'edited' })
      if (!failure) await until(held.arrived)
      else await device.advance(100)
      backend.change('notes', 'n1', { text: 'theirs' })
      await db.notes.clear()
      await until(held.arrived)
      held.release()
      await device.advance(120_000)
      expect(backend.asked({ method: 'DELETE' })).toEqual([])
      const [conflict] = await sync.conflicts.list()
      expect(conflict).toMatchObject({ code: 'mass-delete', state: 'parked' })
      await until(sync.conflicts.resolve(conflict!.id, 'remote'))
      await settled()
      expect(await db.notes.count()).toBe(30)
      expect((await db.notes.get('n1'))?.text).toBe('edited')
      await expectSameRows(db, backend)
    },
  )

  it('while a page with a newer row is on its way is asked about all the same', async () => {
    const config = { conflicts: { onDelete: 'client-wins' } } as const
    const { db, sync, backend, device, until, settled } = await withNotes(30, { config })
    backend.change('notes', 'n1', { text: 'theirs' })
    const held = backend.holdNext({ method: 'GET', path: '/api/notes' })
    const pull = sync.pull()
    await until(held.arrived)
    await db.notes.clear()
    held.release()
    await until(pull)
    await device.advance(120_000)
    expect(backend.asked({ method: 'DELETE' })).toEqual([])
    const [conflict] = await sync.conflicts.list()
    expect(conflict).toMatchObject({ code: 'mass-delete', state: 'parked' })
    await until(sync.conflicts.resolve(conflict!.id, 'remote'))
    await settled()
    expect(await db.notes.count()).toBe(30)
    await expectSameRows(db, backend)
  })

  it('makes a row anew that is gone at the server when the deletions are taken back', async () => {
    const { db, sync, backend, device, until, settled, setOnline, synced } = await journey()
    await db.posts.bulkAdd([{ title: 'edited here' }, { title: 'b' }])
    await settled()
    setOnline(false)
    await db.posts.update(1, { title: 'edited' })
    await db.posts.clear()
    backend.erase('posts', 1)
    setOnline(true)
    await device.advance(120_000)
    const [conflict] = await sync.conflicts.list()
    await until(sync.conflicts.resolve(conflict!.id, 'remote'))
    await settled()
    await synced()
    expect(await sync.deadLetters.list()).toEqual([])
    expect(await db.posts.toArray()).toMatchObject([
      { id: 2, title: 'b' },
      { id: 3, title: 'edited' },
    ])
    await expectSameRows(db, backend)
  })
})
