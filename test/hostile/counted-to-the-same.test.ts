import { expect, it } from 'vitest'
import { createBackend, goodSemantics } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'
import { versionedRoutes as routes } from '../support/versioned-routes'

it('two devices that counted to the same number counted twice, also where the server refuses the second', async () => {
  const backend = createBackend({ semantics: goodSemantics({ answersConflicts: true }) })
  const conflicts = { policy: 'merge' as const, fields: { likes: 'counter' as const } }
  const { db, settled, synced, setOnline } = await journey({ backend, config: { routes, conflicts } })
  await db.notes.add({ id: 'n', text: 'base', ...{ likes: 1 } })
  await settled()
  setOnline(false)
  await db.notes.update('n', { likes: 2 } as object)
  backend.change('notes', 'n', { likes: 2 })
  setOnline(true)
  await settled()
  await synced()
  expect(backend.rows('notes')).toMatchObject([{ likes: 3 }])
  await expectSameRows(db, backend)
})
