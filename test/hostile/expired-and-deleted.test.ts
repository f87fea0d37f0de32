import { describe, expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

const hour = 3600_000

describe('a create that arrived, whose answer was lost until the server may have forgotten its key', () => {
  it.each(['before', 'after'] as const)(
    'and that was deleted %s that: the deletion arrives',
    async (when) => {
      const backend = createBackend()
      const { db, sync, settled, synced, until, device, setOnline } = await journey({ backend })
      await settled()
      backend.dropResponse(1, { method: 'POST' })
      const sent = backend.nextRequest({ method: 'POST' })
      await db.notes.add({ id: 'n', text: 'regretted' })
      await until(sent)
      setOnline(false)
      await device.advance(1_000)
      if (when === 'before') await db.notes.delete('n')
      device.jumpClock(25 * hour)
      if (when === 'after') {
        const resent = backend.holdNext({ method: 'POST' })
        setOnline(true)
        await until(resent.arrived)
        setOnline(false)
        resent.release()
        await db.notes.delete('n')
        await device.advance(1_000)
      }
      setOnline(true)
      await until(sync.sync())
      await settled()
      await synced()
      expect(backend.rows('notes')).toEqual([])
      expect(await db.notes.count()).toBe(0)
      await expectSameRows(db, backend)
    },
  )

  it('and that never was deleted: it is there once', async () => {
    const backend = createBackend()
    const { db, sync, settled, synced, until, device, setOnline } = await journey({ backend })
    await settled()
    backend.dropRequest(1, { method: 'POST' })
    const sent = backend.nextRequest({ method: 'POST' })
    await db.notes.add({ id: 'n', text: 'kept' })
    await until(sent)
    setOnline(false)
    device.jumpClock(25 * hour)
    setOnline(true)
    await until(sync.sync())
    await settled()
    await synced()
    expect(backend.rows('notes')).toMatchObject([{ id: 'n', text: 'kept' }])
    await expectSameRows(db, backend)
  })
})
