import { describe, expect, it } from 'vitest'
import type { ServerRow } from '../support/backend'
import { expectSameRows, type Journey, journey } from '../support/journey'

const lists = { method: 'GET', path: '/api/notes' }

/** What the server holds now: as it is restored later. */
const backup = ({ backend }: Journey) => structuredClone(backend.store.all('notes'))

/** The server is restored from a backup, and says to lists from a checkpoint that they are to begin anew. */
function restore({ backend }: Journey, rows: readonly ServerRow[]): void {
  for (const { id } of backend.store.all('notes')) backend.store.remove('notes', id)
  for (const row of rows) backend.store.put('notes', row)
  backend.respondNext(1, { status: 410 }, lists)
}

/** A device that holds three notes of the server. */
async function withNotes(): Promise<Journey> {
  const here = await journey({ config: { sync: { interval: 30_000 } } })
  for (const id of ['a', 'b', 'c']) here.backend.insert('notes', { id, text: 'old' })
  await here.synced()
  return here
}

describe('a server that is restored from a backup (B13)', () => {
  it('takes back an edit that it had accepted minutes before', async () => {
    const here = await withNotes()
    const rows = backup(here)
    await here.db.notes.update('a', { text: 'lost with the server' })
    await here.settled()
    await here.synced()
    restore(here, rows)
    await here.device.advance(900_000)
    await expectSameRows(here.db, here.backend)
  })

  it('takes back a row that it had accepted minutes before', async () => {
    const here = await withNotes()
    const rows = backup(here)
    await here.db.notes.add({ id: 'd', text: 'lost with the server' })
    await here.settled()
    await here.synced()
    restore(here, rows)
    await here.device.advance(900_000)
    await expectSameRows(here.db, here.backend)
  })

  it('brings back what it had deleted for this device minutes before', async () => {
    const here = await withNotes()
    const rows = backup(here)
    await here.db.notes.delete('a')
    await here.settled()
    await here.synced()
    restore(here, rows)
    await here.device.advance(900_000)
    await expectSameRows(here.db, here.backend)
  })

  it('takes back an edit also where a deletion is remembered for a create that is held', async () => {
    const here = await journey({ config: { sync: { interval: 30_000 } } })
    const { backend, db, device } = here
    for (const title of ['a', 'b', 'c']) backend.insert('posts', { title })
    await here.synced()
    const rows = structuredClone(backend.store.all('posts'))
    backend.respondNext(40, { status: 500 }, { method: 'POST', path: '/api/posts' })
    await db.posts.update(2, { title: 'lost with the server' })
    await db.posts.delete(3)
    await db.posts.add({ title: 'held' })
    await device.advance(60_000)
    for (const row of rows) backend.store.put('posts', row)
    backend.respondNext(1, { status: 410 }, { method: 'GET', path: '/api/posts' })
    await device.advance(1_500_000)
    expect(await db.posts.get(2)).toMatchObject({ title: 'b' })
  })

  it('lists everything once more after its receipts, and not again, however busy the device is', async () => {
    const here = await withNotes()
    const { backend, db, device } = here
    const rows = backup(here)
    await db.notes.update('a', { text: 'lost with the server' })
    await here.settled()
    const fromStart = () => backend.asked(lists).filter(({ query }) => query.updated_after === undefined)
    const before = fromStart().length
    restore(here, rows)
    for (let i = 0; i < 10; i++) {
      await device.advance(300_000)
      await db.notes.update('b', { text: `edit ${i}` })
      await here.settled()
    }
    expect(fromStart()).toHaveLength(before + 2)
    await here.synced()
    await expectSameRows(db, backend)
  })
})
