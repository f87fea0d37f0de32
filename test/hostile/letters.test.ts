import { describe, expect, it } from 'vitest'
import { createBackend, goodSemantics } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

describe('a dead letter whose mended row is what the server has', () => {
  it('is gone, and the row can be changed again', async () => {
    const backend = createBackend({
      semantics: goodSemantics({ validate: ({ title }) => (title === 'bad' ? 'bad' : undefined) }),
    })
    const { db, sync, until, settled, synced } = await journey({ backend })
    const id = await db.posts.add({ title: 'good' })
    await settled()
    const key = (await sync.resolveKey('posts', id)) as number
    await db.posts.update(key, { title: 'bad' })
    await until(new Promise<void>((resolve) => sync.once('dead-letter', () => resolve())))
    backend.change('posts', key, { text: 'from elsewhere' })
    await until(sync.sync())
    const [letter] = await sync.deadLetters.list()
    await until(sync.deadLetters.edit(letter!.id, { title: 'good' }))
    await settled()
    await db.posts.update(key, { title: 'better' })
    await settled()
    await synced()
    expect(backend.rows('posts')).toMatchObject([{ title: 'better', text: 'from elsewhere' }])
    await expectSameRows(db, backend)
  })
})
