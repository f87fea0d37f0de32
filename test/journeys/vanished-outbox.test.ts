import Dexie from 'dexie'
import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

/** Removes the tables of sync from a database, as a cleaning tool or a release without sync does. */
async function withoutSyncTables(name: string): Promise<void> {
  const db = new Dexie(name)
  await db.open()
  const ours = db.tables.map((table) => table.name).filter((table) => table.startsWith('_sync_'))
  const version = db.verno
  db.close()
  await new Promise<void>((done, failed) => {
    const request = indexedDB.open(name, Math.round((version + 1) * 10))
    request.onupgradeneeded = () => {
      for (const table of ours) request.result.deleteObjectStore(table)
    }
    request.onerror = () => failed(request.error)
    request.onsuccess = () => {
      request.result.close()
      done()
    }
  })
}

describe('an outbox that vanished while its rows stayed', () => {
  it('costs no row: equal ones are kept, differing ones asked about, unknown ones parked', async () => {
    const start = await journey()
    await start.db.notes.bulkAdd([
      { id: 'same', text: 'same' },
      { id: 'edited', text: 'one' },
    ])
    await start.settled()
    start.setOnline(false)
    await start.db.notes.update('edited', { text: 'never sent' })
    await start.db.notes.add({ id: 'unknown', text: 'never sent' })
    start.db.close()
    await withoutSyncTables(start.db.name)
    const { db, sync, backend, device, setOnline } = await start.reload()
    setOnline(true)
    await device.advance(60_000)
    expect((await db.notes.toArray()).map(({ id, text }) => [id, text])).toEqual([
      ['edited', 'never sent'],
      ['same', 'same'],
      ['unknown', 'never sent'],
    ])
    expect(backend.rows('notes').map(({ text }) => text)).toEqual(['same', 'one'])
    const conflicts = await sync.conflicts.list()
    expect(new Set(conflicts.map(({ key, state }) => `${String(key)} ${state}`))).toEqual(
      new Set(['edited parked', 'unknown parked']),
    )
    expect(conflicts.find(({ key }) => key === 'unknown')?.code).toBe('orphan')
  })

  it('is mended by a word for each row', async () => {
    const start = await journey({ online: false })
    await start.db.notes.add({ id: 'unknown', text: 'never sent' })
    start.db.close()
    await withoutSyncTables(start.db.name)
    const { db, sync, backend, device, setOnline, until, settled } = await start.reload()
    setOnline(true)
    await device.advance(60_000)
    for (const { id } of await sync.conflicts.list()) await until(sync.conflicts.resolve(id, 'local'))
    await settled()
    expect(backend.rows('notes')).toMatchObject([{ id: 'unknown', text: 'never sent' }])
    await expectSameRows(db, backend)
  })

  it('is not thrown away by a sign-out before the server was asked', async () => {
    const start = await journey({ online: false })
    await start.db.notes.add({ id: 'unknown', text: 'never sent' })
    start.db.close()
    await withoutSyncTables(start.db.name)
    const { db, sync, device, until } = await start.reload()
    await device.advance(1_000)
    await expect(until(sync.signOut())).rejects.toMatchObject({ code: 'unsynced-changes' })
    expect(await db.notes.count()).toBe(1)
  })
})
