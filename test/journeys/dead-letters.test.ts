import { describe, expect, it } from 'vitest'
import { createBackend, goodSemantics } from '../support/backend'
import { eventLog, expectSameRows, journey } from '../support/journey'

const strict = () =>
  createBackend({
    semantics: goodSemantics({
      validate: (row) => (row.title === '' || row.text === '' ? 'must not be empty' : undefined),
    }),
  })

describe('a change the server refuses', () => {
  it('becomes a dead letter that says why, holds up nobody else, and is retried only when asked', async () => {
    const { db, sync, backend, device, settled } = await journey({ backend: strict() })
    const heard = eventLog(sync, 'dead-letter')
    await db.posts.bulkAdd([{ title: 'good' }, { title: '' }, { title: 'fine' }])
    await settled()
    expect(backend.rows('posts').map(({ title }) => title)).toEqual(['good', 'fine'])
    const letters = await sync.deadLetters.list()
    expect(letters).toMatchObject([
      { table: 'posts', kind: 'create', reason: { code: 'rejected', status: 422 } },
    ])
    expect(await sync.getDeadLetters()).toEqual(letters)
    expect(sync.getStatus().deadLetters).toBe(1)
    expect(heard).toEqual(['dead-letter'])
    const before = backend.asked({ method: 'POST' }).length
    await device.advance(3_600_000)
    expect(backend.asked({ method: 'POST' })).toHaveLength(before)
  })

  it('goes through once it is edited', async () => {
    const { db, sync, backend, until, settled } = await journey({ backend: strict() })
    await db.posts.add({ title: '' })
    await settled()
    const [letter] = await sync.deadLetters.list()
    await until(sync.deadLetters.edit(letter!.id, { title: 'mended' }))
    await settled()
    expect(await sync.deadLetters.list()).toEqual([])
    expect(backend.rows('posts')).toMatchObject([{ title: 'mended' }])
    await expectSameRows(db, backend)
  })

  it('goes through when it is retried after the server has learnt better, under a new Idempotency-Key', async () => {
    let strictly = true
    const semantics = goodSemantics({ validate: () => (strictly ? 'closed on Sundays' : undefined) })
    const { db, sync, backend, until, settled } = await journey({ backend: createBackend({ semantics }) })
    await db.posts.add({ title: 'patient' })
    await settled()
    strictly = false
    const [letter] = await sync.getDeadLetters()
    await until(sync.retryDeadLetter(letter!.id))
    await settled()
    const keys = backend.asked({ method: 'POST' }).map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(2)
    expect(backend.rows('posts')).toMatchObject([{ title: 'patient' }])
    await expectSameRows(db, backend)
  })

  it('goes through in one request with the edits the user made to its row meanwhile', async () => {
    const { db, sync, backend, until, settled } = await journey({ backend: strict() })
    const id = await db.posts.add({ title: '', likes: 0 })
    await settled()
    await db.posts.update(id, { title: 'named now' })
    await db.posts.update(id, { likes: 2 })
    await until(sync.retryDeadLetter((await sync.getDeadLetters())[0]!.id))
    await settled()
    expect(backend.rows('posts')).toMatchObject([{ title: 'named now', likes: 2 }])
    expect(backend.asked({ method: 'POST' })).toHaveLength(2)
    await expectSameRows(db, backend)
  })

  it('is taken back when discarded: an edit returns to what the server holds', async () => {
    const { db, sync, backend, until, settled } = await journey({ backend: strict() })
    await db.notes.add({ id: 'n', text: 'kept' })
    await settled()
    await db.notes.update('n', { text: '' })
    await settled()
    expect((await db.notes.get('n'))?.text).toBe('')
    const [letter] = await sync.deadLetters.list()
    await until(sync.deadLetters.discard(letter!.id))
    expect((await db.notes.get('n'))?.text).toBe('kept')
    await settled()
    expect(await sync.deadLetters.list()).toEqual([])
    await expectSameRows(db, backend)
  })

  it('is taken back when discarded: a row the server never took goes', async () => {
    const { db, sync, backend, until, settled } = await journey({ backend: strict() })
    await db.posts.add({ title: '' })
    await settled()
    await until(sync.deadLetters.discard((await sync.deadLetters.list())[0]!.id))
    await settled()
    expect(await db.posts.count()).toBe(0)
    await expectSameRows(db, backend)
  })

  it('is taken back when discarded: a row the server would not delete returns', async () => {
    const { db, sync, backend, until, settled } = await journey()
    await db.notes.add({ id: 'n', text: 'protected' })
    await settled()
    backend.respondNext(1, { status: 403, body: {} }, { method: 'DELETE' })
    await db.notes.delete('n')
    await settled()
    const [letter] = await sync.deadLetters.list()
    expect(letter).toMatchObject({ kind: 'delete', key: 'n', reason: { code: 'forbidden' } })
    await until(sync.deadLetters.discard(letter!.id))
    await settled()
    expect((await db.notes.get('n'))?.text).toBe('protected')
    await expectSameRows(db, backend)
  })

  it('is still there after a reload', async () => {
    const start = await journey({ backend: strict() })
    await start.db.posts.add({ title: '' })
    await start.settled()
    const { sync } = await start.reload()
    expect(await sync.deadLetters.list()).toMatchObject([{ table: 'posts', reason: { code: 'rejected' } }])
  })

  it('cannot be retried twice', async () => {
    const { sync, until } = await journey()
    await expect(until(sync.retryDeadLetter('gone'))).rejects.toMatchObject({ code: 'no-such-item' })
  })
})
