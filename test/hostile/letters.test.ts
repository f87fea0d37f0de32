import { describe, expect, it } from 'vitest'
import { createBackend, goodSemantics } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'
import { trueTime } from '../support/true-time'

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

describe('a create that may have arrived, sent again after its row was edited here and then there', () => {
  it('leaves the later edit, with lww: the edit was made when it was made, not when it is sent again', async () => {
    const world = trueTime()
    const { db, backend, sync, device, until, settled, synced } = await journey({
      ...world,
      config: { conflicts: { policy: 'lww' } },
    })
    await settled()
    backend.changeNext(1, () => ({ status: 204 }), { method: 'POST' })
    const dead = new Promise<void>((resolve) => sync.once('dead-letter', () => resolve()))
    const temporary = await db.posts.add({ title: 'made' })
    await until(dead)
    await db.posts.update(temporary, { title: 'here' })
    await device.advance(60_000)
    backend.change('posts', backend.rows('posts')[0]!.id as number, { title: 'there, later' })
    await device.advance(60_000)
    const [letter] = await sync.deadLetters.list()
    await until(sync.deadLetters.retry(letter!.id))
    await settled()
    await synced()
    expect(backend.rows('posts')).toMatchObject([{ title: 'there, later' }])
    await expectSameRows(db, backend)
  })
})
