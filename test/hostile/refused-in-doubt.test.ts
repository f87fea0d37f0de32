import { describe, expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

describe('a create given up on although it had arrived', () => {
  it.each(['retry', 'edit', 'delete, then retry'] as const)('is not made twice by %s', async (word) => {
    let failing = false
    const backend = createBackend({
      guard: ({ method }) =>
        method === 'POST' && failing ? { status: 500, body: { error: 'oops' } } : undefined,
    })
    const { db, sync, settled, synced, until } = await journey({ backend })
    await settled()
    backend.dropResponse(1, { method: 'POST' })
    const sent = backend.nextRequest({ method: 'POST' })
    const dead = new Promise<void>((resolve) => sync.once('dead-letter', () => resolve()))
    const key = await db.posts.add({ title: 'once' })
    await until(sent)
    failing = true
    if (word === 'delete, then retry') await db.posts.delete(key)
    await until(dead)
    failing = false
    const [letter] = await sync.deadLetters.list()
    if (word === 'edit') await until(sync.deadLetters.edit(letter!.id, { title: 'mended' }))
    else await until(sync.deadLetters.retry(letter!.id))
    await settled()
    await synced()
    const titles = backend.rows('posts').map(({ title }) => title)
    expect(titles).toEqual(word === 'retry' ? ['once'] : word === 'edit' ? ['mended'] : [])
    const temporary = (await db.posts.toArray()).filter(({ id }) => id! < 0)
    expect(temporary).toEqual([])
    expect(await sync.deadLetters.list()).toEqual([])
    await expectSameRows(db, backend)
  })
})
