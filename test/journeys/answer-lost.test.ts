import { describe, expect, it } from 'vitest'
import { createBackend, goodSemantics } from '../support/backend'
import { eventLog, expectSameRows, journey } from '../support/journey'

describe('an answer that gets lost on its way', () => {
  it('leaves one row where the backend honours Idempotency-Key', async () => {
    const { db, backend, settled } = await journey()
    backend.dropResponse(1, { method: 'POST' })
    await db.posts.add({ title: 'once' })
    await settled()
    const posts = backend.asked({ method: 'POST' })
    expect(posts.length).toBeGreaterThan(1)
    expect(new Set(posts.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
    expect(new Set(posts.map(({ text }) => text)).size).toBe(1)
    expect(backend.rows('posts')).toHaveLength(1)
    await expectSameRows(db, backend)
  })

  it('leaves one row although the page is closed before it is sent again, and edited after', async () => {
    const start = await journey()
    start.backend.dropResponse(3, { method: 'POST' })
    const sent = start.backend.nextRequest({ method: 'POST' })
    const id = await start.db.posts.add({ title: 'once' })
    await start.until(sent)
    await start.db.posts.update(id, { title: 'once, edited' })
    const after = await start.reload()
    await after.settled()
    expect(after.backend.rows('posts')).toMatchObject([{ title: 'once, edited' }])
    await expectSameRows(after.db, after.backend)
  })

  it('is said, and sent again, where nothing tells whether the row was made', async () => {
    const backend = createBackend({ semantics: goodSemantics({ idempotent: false }) })
    const { db, sync, settled } = await journey({ backend })
    const heard = eventLog(sync, 'unconfirmed-create')
    backend.dropResponse(1, { method: 'POST' })
    await db.posts.add({ title: 'perhaps twice' })
    await settled()
    expect(heard).toHaveLength(1)
    expect(backend.asked({ method: 'POST' })).toHaveLength(2)
    expect(await db.posts.where({ title: 'perhaps twice' }).count()).toBeGreaterThan(0)
  })

  it('of an edit does no harm', async () => {
    const { db, backend, settled } = await journey()
    await db.notes.add({ id: 'n', text: 'one' })
    await settled()
    backend.dropResponse(1, { method: 'PATCH' })
    await db.notes.update('n', { text: 'two' })
    await settled()
    expect(backend.rows('notes')).toMatchObject([{ text: 'two', version: 2 }])
    await expectSameRows(db, backend)
  })

  it('of a deletion does no harm: gone is gone', async () => {
    const backend = createBackend({ semantics: goodSemantics({ idempotent: false }) })
    const { db, sync, settled } = await journey({ backend })
    await db.notes.add({ id: 'n', text: 'one' })
    await settled()
    backend.dropResponse(1, { method: 'DELETE' })
    await db.notes.delete('n')
    await settled()
    expect(backend.asked({ method: 'DELETE' })).toHaveLength(2)
    expect(await sync.getDeadLetters()).toEqual([])
    await expectSameRows(db, backend)
  })
})
