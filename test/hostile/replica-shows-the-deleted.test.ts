import { expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

it('a row that was made again after its deletion does not come back beside itself from a replica that lags', async () => {
  const backend = createBackend()
  backend.insert('posts', { title: 'made' })
  const { db, sync, settled, synced, until } = await journey({
    backend,
    config: { conflicts: { onDelete: 'edit-wins' } },
  })
  await synced()
  const lags = { status: 200, body: structuredClone(backend.store.all('posts')) }
  const { id } = backend.rows('posts')[0]!
  backend.erase('posts', id as number)
  await db.posts.update(id as number, { title: 'edited' })
  await settled()
  expect(backend.asked({ method: 'POST' })).toHaveLength(1)
  backend.respondNext(1, lags, { method: 'GET', path: '/api/posts' })
  await until(sync.pull())
  expect(await db.posts.toArray()).toMatchObject([{ title: 'edited' }])
  await synced()
  await expectSameRows(db, backend)
})
