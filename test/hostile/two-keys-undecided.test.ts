import { expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

it.each<[string, object | null]>([
  ['a row', { text: 'theirs' }],
  ['a deletion', null],
])('%s the app is asked about is not forgotten when the answer to the create comes', async (_, theirs) => {
  const backend = createBackend()
  let answer: (side: 'remote') => void = () => {}
  const asked = new Promise<'remote'>((resolve) => {
    answer = resolve
  })
  const conflicts = { policy: 'client-wins' as const, timeout: 3_600_000, onConflict: () => asked }
  const { db, sync, device, settled, synced, until } = await journey({ backend, config: { conflicts } })
  const held = backend.holdNext({ method: 'POST' })
  await db.posts.add({ title: 'made', text: 'base' })
  await until(held.arrived)
  await until(sync.pull())
  const real = backend.rows('posts')[0]!.id as number
  expect(await db.posts.get(real)).toMatchObject({ title: 'made' })
  await db.posts.update(real, { text: 'mine' })
  if (theirs) backend.change('posts', real, { ...theirs })
  else backend.erase('posts', real)
  void sync.pull()
  await device.advance(1_000)
  for (let i = 0; i < 900; i++) backend.store.now()
  backend.insert('posts', { title: 'another' })
  void sync.pull()
  await device.advance(1_000)
  held.release()
  await device.advance(1_000)
  answer('remote')
  await settled()
  await synced()
  expect(backend.rows('posts')).toMatchObject([...(theirs ? [theirs] : []), { title: 'another' }])
  await expectSameRows(db, backend)
})
