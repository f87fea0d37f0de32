import { describe, expect, it } from 'vitest'
import { eventLog, expectSameRows, journey } from '../support/journey'

const notes = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `n${i}`, text: 'x' }))

async function withNotes(n: number) {
  const start = await journey()
  await start.db.notes.bulkAdd(notes(n))
  await start.settled()
  return start
}

describe('emptying a table', () => {
  it('is asked about before the server hears of it: it may have been the logout', async () => {
    const { db, sync, backend, device, until } = await withNotes(30)
    const heard = eventLog(sync, 'conflict')
    await db.notes.clear()
    await device.advance(600_000)
    expect(backend.asked({ method: 'DELETE' })).toEqual([])
    expect(heard).toEqual(['conflict'])
    expect(await sync.conflicts.list()).toMatchObject([
      { table: 'notes', code: 'mass-delete', state: 'parked' },
    ])
    expect(await db.notes.count()).toBe(0)
    expect(await until(sync.getQueueDepth())).toBe(0)
  })

  it('goes to the server once somebody says so', async () => {
    const { db, sync, backend, device, until, settled } = await withNotes(30)
    await db.notes.clear()
    await device.advance(60_000)
    await until(sync.conflicts.resolve((await sync.conflicts.list())[0]!.id, 'local'))
    await settled()
    expect(backend.rows('notes')).toEqual([])
    await expectSameRows(db, backend)
  })

  it('is undone when somebody says so', async () => {
    const { db, sync, backend, device, until, settled } = await withNotes(30)
    await db.notes.clear()
    await device.advance(60_000)
    await until(sync.conflicts.resolve((await sync.conflicts.list())[0]!.id, 'remote'))
    await settled()
    expect(await db.notes.count()).toBe(30)
    expect(backend.asked({ method: 'DELETE' })).toEqual([])
    await expectSameRows(db, backend)
  })

  it('row by row over days is no mass deletion', async () => {
    const { db, sync, backend, settled } = await withNotes(6)
    for (const { id } of notes(6)) {
      await db.notes.delete(id)
      await settled()
    }
    expect(backend.rows('notes')).toEqual([])
    expect(await sync.conflicts.list()).toEqual([])
  })

  it('by more than half in one transaction is asked about, by less is not', async () => {
    const { db, sync, backend, device, settled } = await withNotes(60)
    await db.notes.bulkDelete(notes(25).map(({ id }) => id))
    await settled()
    expect(backend.rows('notes')).toHaveLength(35)
    await db.notes.bulkDelete(notes(50).map(({ id }) => id))
    await device.advance(60_000)
    expect(backend.rows('notes')).toHaveLength(35)
    expect(await sync.conflicts.list()).toMatchObject([{ code: 'mass-delete' }])
  })
})
