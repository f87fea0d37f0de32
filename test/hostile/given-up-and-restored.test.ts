import { expect, it } from 'vitest'
import { defineRoutes, resource } from '../../src/index'
import { expectSameRows, journey } from '../support/journey'

const routes = defineRoutes({ notes: resource('/api/notes', { update: 'PUT' }) })

it('an edit that leaves as a whole row carries what others made of the other fields', async () => {
  const { db, backend, setOnline, settled, synced } = await journey({
    config: { routes, conflicts: { policy: 'client-wins' } },
  })
  await db.notes.add({ id: 'n', text: 'base', ...{ colour: 'red' } })
  await settled()
  setOnline(false)
  await db.notes.update('n', { text: 'mine' })
  backend.change('notes', 'n', { colour: 'green' })
  setOnline(true)
  await settled()
  await synced()
  expect(backend.rows('notes')).toMatchObject([{ text: 'mine', colour: 'green' }])
  await expectSameRows(db, backend)
})

it('an edit that a person gives up keeps what was edited after it while it was on its way, and what others made', async () => {
  const { db, sync, backend, settled, synced, until, device } = await journey({
    config: { conflicts: { policy: 'merge' } },
  })
  await db.notes.add({ id: 'n', text: 'base', ...{ colour: 'red' } })
  await settled()
  const held = backend.holdNext({ method: 'PATCH' }, { applied: false })
  await db.notes.update('n', { text: 'sent' })
  await until(held.arrived)
  await until(sync.discard('notes', 'n'))
  await db.notes.update('n', { colour: 'blue' } as object)
  backend.change('notes', 'n', { text: 'theirs' })
  await until(sync.pull())
  held.release()
  await device.advance(1000)
  await settled()
  await synced()
  expect(backend.rows('notes')).toMatchObject([{ colour: 'blue' }])
  await expectSameRows(db, backend)
})

it('a restored value of a row whose create is under way follows it', async () => {
  const { db, sync, backend, setOnline, settled, synced, until } = await journey({
    config: { conflicts: { policy: 'server-wins' } },
  })
  const id = await db.posts.add({ title: 'base' })
  await settled()
  const real = backend.rows('posts')[0]!.id as number
  expect(id).not.toBe(real)
  setOnline(false)
  await db.posts.update(real, { title: 'mine' })
  backend.erase('posts', real)
  setOnline(true)
  await settled()
  await synced()
  expect(await db.posts.toArray()).toEqual([])
  const [conflict] = await sync.conflicts.list()
  const held = backend.holdNext({ method: 'POST' })
  await until(sync.conflicts.resolve(conflict!.id, 'local'))
  await until(held.arrived)
  await until(sync.conflicts.resolve(conflict!.id, 'remote'))
  await until(sync.conflicts.resolve(conflict!.id, 'local'))
  held.release()
  await settled()
  await synced()
  expect(backend.rows('posts')).toMatchObject([{ title: 'mine' }])
  await expectSameRows(db, backend)
  await until(sync.conflicts.resolve(conflict!.id, 'remote'))
  await settled()
  await synced()
  expect(backend.rows('posts')).toEqual([])
  await expectSameRows(db, backend)
})
