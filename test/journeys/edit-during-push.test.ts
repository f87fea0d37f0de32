import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

describe('an edit made while the row is on its way', () => {
  it('outlives the answer to its create, and follows under the key of the server', async () => {
    const { db, backend, until, settled } = await journey()
    const held = backend.holdNext({ method: 'POST' })
    const id = await db.posts.add({ title: 'draft', text: 'long' })
    await until(held.arrived)
    await db.posts.update(id, { title: 'better' })
    held.release()
    await settled()
    const key = backend.rows('posts')[0]?.id as number
    expect(await db.posts.get(key)).toMatchObject({ title: 'better', text: 'long' })
    expect(backend.asked({ method: 'PATCH' }).map(({ path, body }) => [path, body])).toEqual([
      [`/api/posts/${key}`, { title: 'better' }],
    ])
    await expectSameRows(db, backend)
  })

  it('outlives the answer to an earlier edit', async () => {
    const { db, backend, until, settled } = await journey()
    await db.notes.add({ id: 'n', text: 'one' })
    await settled()
    const held = backend.holdNext({ method: 'PATCH' })
    await db.notes.update('n', { text: 'two' })
    await until(held.arrived)
    await db.notes.update('n', { text: 'three' })
    held.release()
    await settled()
    expect(backend.rows('notes')).toMatchObject([{ text: 'three' }])
    expect(backend.asked({ method: 'PATCH' }).map(({ body }) => body)).toEqual([
      { text: 'two' },
      { text: 'three' },
    ])
    await expectSameRows(db, backend)
  })

  it('that takes the first one back still reaches the server', async () => {
    const { db, backend, until, settled } = await journey()
    await db.notes.add({ id: 'n', text: 'one' })
    await settled()
    const held = backend.holdNext({ method: 'PATCH' })
    await db.notes.update('n', { text: 'two' })
    await until(held.arrived)
    await db.notes.update('n', { text: 'one' })
    held.release()
    await settled()
    expect(backend.rows('notes')).toMatchObject([{ text: 'one' }])
    await expectSameRows(db, backend)
  })

  it('is not overwritten by its own echo in a pull', async () => {
    const { db, backend, until, settled, sync } = await journey()
    const held = backend.holdNext({ method: 'POST' })
    const id = await db.posts.add({ title: 'draft' })
    await until(held.arrived)
    await db.posts.update(id, { title: 'better' })
    held.release()
    await until(sync.sync())
    await settled()
    expect((await db.posts.toArray()).map(({ title }) => title)).toEqual(['better'])
    await expectSameRows(db, backend)
  })
})
