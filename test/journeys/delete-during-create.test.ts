import { describe, expect, it } from 'vitest'
import { createBackend, goodSemantics } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

describe('a row deleted while its create is on its way', () => {
  it('is deleted at the server by its real key, and never comes back', async () => {
    const { db, backend, until, settled, synced } = await journey()
    const held = backend.holdNext({ method: 'POST' })
    const id = await db.posts.add({ title: 'regretted' })
    await until(held.arrived)
    await db.posts.delete(id)
    held.release()
    await settled()
    expect(backend.asked({ method: 'DELETE' }).map(({ path }) => path)).toEqual(['/api/posts/1'])
    expect(backend.rows('posts')).toEqual([])
    await synced()
    expect(await db.posts.count()).toBe(0)
  })

  it('vanishes when the server refuses the create', async () => {
    const backend = createBackend({ semantics: goodSemantics({ validate: () => 'refused' }) })
    const { db, sync, until, settled } = await journey({ backend })
    const held = backend.holdNext({ method: 'POST' }, { applied: false })
    const id = await db.posts.add({ title: '' })
    await until(held.arrived)
    await db.posts.delete(id)
    held.release()
    await settled()
    expect(await db.posts.count()).toBe(0)
    expect(await sync.getDeadLetters()).toEqual([])
    await expectSameRows(db, backend)
  })

  it('is deleted at the server although the answer to its create was lost', async () => {
    const { db, backend, settled, until } = await journey()
    backend.dropResponse(1, { method: 'POST' })
    const sent = backend.nextRequest({ method: 'POST' })
    const id = await db.posts.add({ title: 'regretted' })
    await until(sent)
    await db.posts.delete(id)
    await settled()
    expect(backend.rows('posts')).toEqual([])
    expect(await db.posts.count()).toBe(0)
  })
})
