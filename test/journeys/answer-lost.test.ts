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

  it('is for a person where the next try is told of a conflict and of no row: nobody else knows a temporary key', async () => {
    const { db, sync, backend, settled } = await journey()
    backend.dropResponse(1, { method: 'POST' })
    const dropped = backend.nextRequest({ method: 'POST' })
    await db.posts.add({ title: 'once' })
    await dropped
    backend.respondNext(1, { status: 409, body: { message: 'not now' } }, { method: 'POST' })
    await settled()
    expect(backend.requests.filter(({ path }) => path.includes('/-'))).toEqual([])
    expect(backend.rows('posts')).toHaveLength(1)
    expect(await sync.getDeadLetters()).toMatchObject([{ reason: { code: 'conflict' } }])
  })

  it('on its last yards, so that the key is missing, costs a look by a person and no second row', async () => {
    const { db, sync, backend, settled } = await journey()
    backend.changeNext(1, () => ({ status: 204 }), { method: 'POST' })
    await db.posts.add({ title: 'once' })
    await settled()
    const [letter] = await sync.getDeadLetters()
    expect(letter).toMatchObject({ reason: { code: 'missing-response-key' } })
    await sync.deadLetters.retry(letter!.id)
    await settled()
    expect(backend.rows('posts')).toHaveLength(1)
    await expectSameRows(db, backend)
  })

  it('without the key does not let a deletion vanish that waits behind it', async () => {
    const { db, sync, backend, settled, until } = await journey()
    const refused = new Promise((tell) => sync.once('dead-letter', tell))
    let deleted: PromiseLike<void> | undefined
    const meanwhile = () => {
      deleted = db.posts.delete(id)
      return { status: 204 }
    }
    backend.changeNext(1, meanwhile, { method: 'POST' })
    const id = await db.posts.add({ title: 'once' })
    await until(refused)
    await deleted
    const [letter] = await sync.getDeadLetters()
    expect(letter).toMatchObject({ reason: { code: 'missing-response-key' } })
    await sync.deadLetters.retry(letter!.id)
    await settled()
    expect(backend.rows('posts').filter((row) => !row.deleted_at)).toEqual([])
    expect(await db.posts.count()).toBe(0)
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
