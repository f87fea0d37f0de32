import { describe, expect, it } from 'vitest'
import { type Backend, createBackend } from '../support/backend'
import { createStore } from '../support/backend-store'
import { expectSameRows, journey } from '../support/journey'

const list = { method: 'GET', path: '/api/posts' }
const minute = 60_000

/** A server whose clock goes with `pass` alone; rows follow each other by a millisecond. */
function server() {
  const backend = createBackend({ store: createStore({ step: 1 }) })
  return {
    backend,
    pass(ms: number) {
      for (let i = 0; i < ms; i++) backend.store.now()
    },
  }
}

/** A row that was stamped `ms` before the newest one, and can be seen only now. */
function insertLate(backend: Backend, title: string, ms: number): void {
  const times = backend.store.all('posts').map((row) => Date.parse(String(row.updated_at)))
  const row = backend.insert('posts', { title })
  const at = new Date(Math.max(...times) - ms).toISOString()
  backend.store.put('posts', { ...row, updated_at: at })
}

const found = (db: { posts: { toArray(): PromiseLike<{ title?: string }[]> } }) =>
  db.posts.toArray().then((rows) => rows.map(({ title }) => title).sort())

describe('a row that can be seen later than its time says (B5)', () => {
  it('is found although the pages of a pull took longer than the overlap', async () => {
    const { backend, pass } = server()
    for (const title of ['a', 'b', 'c', 'd']) backend.insert('posts', { title })
    backend.changeNext(1, (answer) => answer, list)
    const second = backend.holdNext(list, { applied: false })
    const config = { sync: { pull: { pageSize: 2, pageDelay: minute } } }
    const { db, until, synced } = await journey({ backend, config })
    await until(second.arrived)
    // It was not there yet when the first page was made; a minute later much else is.
    insertLate(backend, 'late', 4)
    pass(minute)
    backend.insert('posts', { title: 'e' })
    second.release()
    await synced()
    await synced()
    expect(await found(db)).toEqual(['a', 'b', 'c', 'd', 'e', 'late'])
    await expectSameRows(db, backend)
  })

  it('is found although an answer from before it came after the time of the overlap', async () => {
    const { backend } = server()
    backend.insert('posts', { title: 'a' })
    const { db, device, sync, until, settled, synced } = await journey({
      backend,
      config: { sync: { interval: 10 * minute } },
    })
    await settled()
    const slow = backend.holdNext(list)
    const syncing = sync.sync()
    await until(slow.arrived)
    insertLate(backend, 'late', 4_000)
    await device.advance(15_000)
    slow.release()
    await until(syncing)
    await synced()
    expect(await found(db)).toEqual(['a', 'late'])
  })
})

describe('a list from a replica that is behind (B3)', () => {
  const notes = { method: 'GET', path: '/api/notes' }

  /** The list as it was before `change`, some time after the device knows better. */
  async function shownAgain(change: (backend: Backend) => void) {
    const { backend } = server()
    backend.insert('notes', { id: 'n', text: 'one' })
    const before = { status: 200, body: backend.store.all('notes') }
    change(backend)
    const here = await journey({ backend, config: { sync: { interval: 60 * minute } } })
    await here.settled()
    await here.device.advance(20_000)
    backend.respondNext(1, before, notes)
    return { ...here, before }
  }

  it('does not bring an older row back', async () => {
    const { db, synced } = await shownAgain((backend) => void backend.change('notes', 'n', { text: 'two' }))
    await synced()
    expect(await db.notes.toArray()).toMatchObject([{ text: 'two' }])
  })

  it('brings a deleted row back for no longer than until the next list', async () => {
    const { db, backend, synced } = await shownAgain((backend) => backend.erase('notes', 'n'))
    await synced()
    await synced()
    expect(await db.notes.toArray()).toEqual([])
    await expectSameRows(db, backend)
  })

  it('does not take a row that was made again since it was deleted', async () => {
    const { backend } = server()
    backend.insert('notes', { id: 'n', text: 'one' })
    backend.erase('notes', 'n')
    const before = { status: 200, body: backend.store.all('notes') }
    backend.insert('notes', { id: 'n', text: 'two' })
    const { db, device, settled, synced } = await journey({
      backend,
      config: { sync: { interval: 60 * minute } },
    })
    await settled()
    await device.advance(20_000)
    backend.respondNext(1, before, notes)
    await synced()
    expect(await db.notes.toArray()).toMatchObject([{ text: 'two' }])
  })

  it('is believed where everything is asked anew: the server may have been set back', async () => {
    const { db, sync, until, before, backend, settled } = await shownAgain(
      (backend) => void backend.change('notes', 'n', { text: 'two' }),
    )
    backend.store.put('notes', before.body[0]!)
    await until(sync.resync('notes'))
    await settled()
    expect(await db.notes.toArray()).toMatchObject([{ text: 'one' }])
  })
})
