import { expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

it('a row that was deleted before the answer to its create came does not come back', async () => {
  const backend = createBackend()
  const { db, sync, device, settled, synced, until } = await journey({ backend })
  await until(sync.pull())
  const held = backend.holdNext({ method: 'POST' })
  await db.posts.add({ title: 'made' })
  await until(held.arrived)
  await until(sync.pull())
  const real = backend.rows('posts')[0]!.id as number
  backend.erase('posts', real)
  await until(sync.pull())
  for (let i = 0; i < 900; i++) backend.store.now()
  backend.insert('posts', { title: 'another' })
  await until(sync.pull())
  await device.advance(1_000)
  held.release()
  await device.advance(1_000)
  await settled()
  await synced()
  expect(backend.rows('posts')).toMatchObject([{ title: 'another' }])
  await expectSameRows(db, backend)
})

it.each([
  { title: 'which was seen in between', seen: true },
  { title: 'which was not seen in between', seen: false },
])('nor does one with a key of its own, $title', async ({ seen }) => {
  const backend = createBackend()
  const { db, sync, device, settled, synced, until } = await journey({ backend })
  await until(sync.pull())
  const held = backend.holdNext({ method: 'POST' })
  await db.notes.add({ id: 'n', text: 'made' })
  await until(held.arrived)
  if (seen) await until(sync.pull())
  backend.erase('notes', 'n')
  await until(sync.pull())
  for (let i = 0; i < 900; i++) backend.store.now()
  backend.insert('notes', { id: 'o', text: 'another' })
  await until(sync.pull())
  await device.advance(1_000)
  held.release()
  await device.advance(1_000)
  await settled()
  await synced()
  expect(backend.rows('notes')).toMatchObject([{ text: 'another' }])
  await expectSameRows(db, backend)
})

it.each(['pull', 'resync'] as const)(
  'a row that is made again under the key of one that others have deleted stays, whatever a %s tells meanwhile',
  async (call) => {
    const backend = createBackend()
    const { db, sync, device, settled, synced, until } = await journey({ backend })
    backend.insert('notes', { id: 'n', text: 'before' })
    await synced()
    backend.erase('notes', 'n')
    await synced()
    expect(await db.notes.count()).toBe(0)
    const held = backend.holdNext({ method: 'POST' }, { applied: false })
    await db.notes.add({ id: 'n', text: 'made again' })
    await until(held.arrived)
    await until(sync[call]())
    held.release()
    await device.advance(1_000)
    await settled()
    await synced()
    expect(backend.rows('notes')).toMatchObject([{ text: 'made again' }])
    await expectSameRows(db, backend)
  },
)

it('a row that is here twice until its create is answered, and was deleted meanwhile, stays deleted', async () => {
  const backend = createBackend()
  const { db, sync, settled, until } = await journey({
    backend,
    config: { conflicts: { policy: 'client-wins' } },
  })
  await until(sync.pull())
  const create = backend.holdNext({ method: 'POST' })
  const temporary = await db.posts.add({ title: 'made' })
  await until(create.arrived)
  // Under the key the server made.
  await until(sync.pull())
  await db.posts.delete(temporary)
  create.release()
  const deletion = backend.holdNext({ method: 'DELETE' })
  await until(deletion.arrived)
  expect(await db.posts.count()).toBe(0)
  deletion.release()
  await settled()
  expect(backend.rows('posts')).toEqual([])
})

it('nor does an edit made elsewhere before the deletion leaves undo it', async () => {
  const backend = createBackend()
  const { db, sync, settled, until } = await journey({
    backend,
    config: { conflicts: { policy: 'client-wins' } },
  })
  await until(sync.pull())
  const create = backend.holdNext({ method: 'POST' })
  const temporary = await db.posts.add({ title: 'made' })
  await until(create.arrived)
  await until(sync.pull())
  await db.posts.delete(temporary)
  backend.change('posts', backend.rows('posts')[0]!.id as number, { title: 'elsewhere' })
  create.release()
  await settled()
  expect(backend.rows('posts')).toEqual([])
  await expectSameRows(db, backend)
})

it('a row that was deleted, came under the key the server made and was edited there is what the edit made of it', async () => {
  const backend = createBackend()
  const { db, sync, settled, synced, until } = await journey({ backend })
  await until(sync.pull())
  const create = backend.holdNext({ method: 'POST' })
  const temporary = await db.posts.add({ title: 'made' })
  await until(create.arrived)
  await db.posts.delete(temporary)
  await until(sync.pull())
  await db.posts.update(backend.rows('posts')[0]!.id as number, { title: 'edited' })
  create.release()
  await settled()
  await synced()
  expect(backend.rows('posts')).toMatchObject([{ title: 'edited' }])
  await expectSameRows(db, backend)
})
