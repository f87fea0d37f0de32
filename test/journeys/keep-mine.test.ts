import { describe, expect, it } from 'vitest'
import { expectSameRows, type Journey, journey } from '../support/journey'

/** A note parked for a person: both changed its text, and the server's side other fields as well. */
async function parked(): Promise<Journey> {
  const start = await journey({ config: { conflicts: { onConflict: () => 'park' } } })
  const { db, backend, setOnline, settled, synced } = start
  await db.notes.add({ id: 'n', text: 'base', ...{ colour: 'red' } })
  await settled()
  setOnline(false)
  backend.change('notes', 'n', { text: 'theirs', colour: 'blue' })
  await db.notes.update('n', { text: 'mine' })
  setOnline(true)
  await settled()
  await synced()
  return start
}

async function resolve(start: Journey, decision: 'local' | 'remote'): Promise<void> {
  const [conflict] = await start.sync.conflicts.list()
  await start.until(start.sync.conflicts.resolve(conflict!.id, decision))
  await start.synced()
  await expectSameRows(start.db, start.backend)
}

describe('keeping mine of a conflict that was parked', () => {
  it('sends what was edited here; what only they changed stays theirs', async () => {
    const start = await parked()
    await resolve(start, 'local')
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'mine', colour: 'blue' }])
  })

  it('keeps what was edited here while it was parked, too', async () => {
    const start = await parked()
    await start.db.table('notes').update('n', { mood: 'calm' })
    await resolve(start, 'local')
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'mine', colour: 'blue', mood: 'calm' }])
  })

  it('keeps what the other side was edited to while it was parked', async () => {
    const start = await parked()
    start.backend.change('notes', 'n', { colour: 'green' })
    await start.synced()
    await resolve(start, 'local')
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'mine', colour: 'green' }])
  })

  it('after theirs was taken brings back mine alone', async () => {
    const start = await parked()
    await resolve(start, 'remote')
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'theirs', colour: 'blue' }])
    await resolve(start, 'local')
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'mine', colour: 'blue' }])
  })
})
