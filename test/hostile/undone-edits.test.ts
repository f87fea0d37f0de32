import { describe, expect, it } from 'vitest'
import { expectSameRows, type Journey, journey } from '../support/journey'

/** A note is on the device and at the server, and the device is offline. */
async function apart(): Promise<Journey> {
  const start = await journey({ config: { conflicts: { policy: 'merge' } } })
  await start.db.notes.add({ id: 'n', text: 'base', ...{ colour: 'red' } })
  await start.settled()
  start.setOnline(false)
  return start
}

async function together({ setOnline, settled, synced }: Journey): Promise<void> {
  setOnline(true)
  await settled()
  await synced()
}

describe('a field that is here what it was before does not overwrite what others made of it', () => {
  it('when it was changed and changed back', async () => {
    const start = await apart()
    const { db, backend, sync } = start
    await db.notes.update('n', { colour: 'blue' } as object)
    await db.notes.update('n', { colour: 'red' } as object)
    await db.notes.update('n', { text: 'mine' })
    backend.change('notes', 'n', { colour: 'green' })
    await together(start)
    expect(backend.rows('notes')).toMatchObject([{ text: 'mine', colour: 'green' }])
    expect(await sync.conflicts.list()).toEqual([])
    await expectSameRows(db, backend)
  })

  it('when the row was removed and made again', async () => {
    const start = await apart()
    const { db, backend } = start
    await db.notes.delete('n')
    await db.notes.add({ id: 'n', text: 'mine', ...{ colour: 'red' } })
    backend.change('notes', 'n', { colour: 'green' })
    await together(start)
    expect(backend.rows('notes')).toMatchObject([{ text: 'mine', colour: 'green' }])
    await expectSameRows(db, backend)
  })

  it('when another field is in conflict', async () => {
    const start = await apart()
    const { db, backend } = start
    await db.notes.update('n', { colour: 'blue', text: 'mine' } as object)
    await db.notes.update('n', { colour: 'red' } as object)
    backend.change('notes', 'n', { colour: 'green', text: 'theirs' })
    await together(start)
    expect(backend.rows('notes')).toMatchObject([{ text: 'mine', colour: 'green' }])
    await expectSameRows(db, backend)
  })
})
