import { expect, it } from 'vitest'
import { createBackend, goodSemantics } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'
import { versionedRoutes as routes } from '../support/versioned-routes'

const conflicts = { policy: 'merge' as const, fields: { likes: 'counter' as const } }

/** A device that has counted from 1 to 2 offline, as somebody else has. */
async function countedOffline() {
  const backend = createBackend({ semantics: goodSemantics({ answersConflicts: true }) })
  const device = await journey({ backend, config: { routes, conflicts } })
  const { db, settled, setOnline } = device
  await db.notes.add({ id: 'n', text: 'base', ...{ likes: 1 } })
  await settled()
  setOnline(false)
  await db.notes.update('n', { likes: 2 } as object)
  return device
}

it('two devices that counted to the same number counted twice, also where the server refuses the second', async () => {
  const { backend, db, settled, synced, setOnline } = await countedOffline()
  backend.change('notes', 'n', { likes: 2 })
  setOnline(true)
  await settled()
  await synced()
  expect(backend.rows('notes')).toMatchObject([{ likes: 3 }])
  await expectSameRows(db, backend)
})

it('two devices that counted to the same number counted twice, also where a first try of one got lost on its way', async () => {
  const { backend, db, settled, synced, setOnline, until } = await countedOffline()
  const update = { method: 'PATCH', path: '/api/notes/n' }
  backend.dropRequest(1, update)
  const others = backend.nextRequest(update).then(() => backend.change('notes', 'n', { likes: 2 }))
  setOnline(true)
  await until(others)
  await settled()
  await synced()
  expect(backend.asked(update).length).toBeGreaterThan(1)
  expect(backend.rows('notes')).toMatchObject([{ likes: 3 }])
  await expectSameRows(db, backend)
})

it('a number whose answer got lost is counted once', async () => {
  const { backend, db, settled, synced, setOnline } = await countedOffline()
  const update = { method: 'PATCH', path: '/api/notes/n' }
  backend.dropResponse(1, update)
  setOnline(true)
  await settled()
  await synced()
  expect(backend.asked(update).length).toBeGreaterThan(1)
  expect(backend.rows('notes')).toMatchObject([{ likes: 2 }])
  await expectSameRows(db, backend)
})
