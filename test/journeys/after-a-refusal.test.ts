import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

describe('a change that goes again after a conflict', () => {
  it.each([
    ['', 0],
    [', long after the begin of a run,', 11_000],
  ])('goes at once%s', async (_, ms) => {
    const config = { sync: { interval: 0 }, conflicts: { policy: 'client-wins' } } as const
    const { db, backend, device, settled, until } = await journey({ config })
    await db.notes.add({ id: 'n', text: 'one' })
    await settled()
    const row = { ...backend.rows('notes')[0], text: 'of somebody else' }
    const refused = backend.holdNext({ method: 'PATCH' }, { answer: { status: 409, body: row } })
    await db.notes.update('n', { text: 'two' })
    await until(refused.arrived)
    await device.advance(ms)
    refused.release()
    await device.advance(1_000)
    expect(backend.asked({ method: 'PATCH' })).toHaveLength(2)
    await settled()
    expect(backend.rows('notes')).toMatchObject([{ text: 'two' }])
    await expectSameRows(db, backend)
  })

  it('counts as waiting while the server is left alone', async () => {
    const { db, sync, backend, device, settled, until } = await journey({
      config: { conflicts: { policy: 'client-wins' } },
    })
    await db.notes.bulkAdd([
      { id: 'n', text: 'one' },
      { id: 'm', text: 'one' },
    ])
    await settled()
    const row = { ...backend.store.get('notes', 'n'), text: 'of somebody else' }
    const match = (id: string) => ({ method: 'PATCH', path: `/api/notes/${id}` })
    const refused = backend.holdNext(match('n'), { answer: { status: 409, body: row } })
    backend.respondNext(100, { status: 503, headers: { 'retry-after': '60' } }, match('m'))
    await db.notes.toCollection().modify({ text: 'two' })
    await until(refused.arrived)
    await device.advance(1_000)
    refused.release()
    await device.advance(1_000)
    expect(sync.getSnapshot().pending).toBe(2)
  })
})
