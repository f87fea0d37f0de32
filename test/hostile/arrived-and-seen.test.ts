import { expect, it } from 'vitest'
import { defineRoutes, resource } from '../../src/index'
import { expectSameRows, journey } from '../support/journey'

// Not to be read one by one: the page alone tells.
const routes = defineRoutes({ notes: { ...resource('/api/notes'), read: undefined } as never })

it.each<[story: string, hours: number, status: number]>([
  ['whose key is too old', 25, 504],
  ['that is refused as it is there', 0, 409],
])(
  'a create %s, and which a page has shown, has arrived: what others added to the row stays',
  async (_, hours, status) => {
    const { db, sync, backend, device, until, settled, synced } = await journey({
      config: { routes, conflicts: { policy: 'client-wins' } },
    })
    await settled()
    backend.dropResponse(1, { method: 'POST' })
    const again = backend.holdNext({ method: 'POST' }, { answer: { status, body: {} } })
    await db.notes.add({ id: 'n', text: 'one' })
    await until(again.arrived)
    await db.notes.update('n', { text: 'two' })
    backend.change('notes', 'n', { likes: 1 })
    await until(sync.pull())
    device.jumpClock(hours * 3_600_000)
    again.release()
    await settled()
    await synced()
    expect(backend.rows('notes')).toMatchObject([{ id: 'n', text: 'two', likes: 1 }])
    expect(await sync.conflicts.list()).toEqual([])
    await expectSameRows(db, backend, ['notes'])
  },
)

it('and one that no page has shown goes again as it was, and what was changed since follows it', async () => {
  const { db, backend, device, until, settled, synced } = await journey({
    config: { conflicts: { policy: 'client-wins' } },
  })
  await settled()
  backend.dropResponse(1, { method: 'POST' })
  const again = backend.holdNext({ method: 'POST' }, { answer: { status: 504, body: {} } })
  await db.notes.add({ id: 'n', text: 'one' })
  await until(again.arrived)
  await db.notes.update('n', { text: 'two' })
  backend.change('notes', 'n', { likes: 1 })
  device.jumpClock(25 * 3_600_000)
  again.release()
  await settled()
  await synced()
  expect(backend.rows('notes')).toMatchObject([{ id: 'n', text: 'two', likes: 1 }])
  await expectSameRows(db, backend, ['notes'])
})
