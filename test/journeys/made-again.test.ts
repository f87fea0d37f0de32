import { describe, expect, it } from 'vitest'
import { expectSameRows, journey } from '../support/journey'

describe('a row edited here and deleted elsewhere, with keys made by the server', () => {
  it('is made again under a new key with merge: an edit beats a deletion', async () => {
    const { db, backend, setOnline, settled, synced } = await journey()
    await db.posts.add({ title: 'draft' })
    await settled()
    const key = backend.rows('posts')[0]?.id as number
    setOnline(false)
    await db.posts.update(key, { title: 'edited on the train' })
    backend.erase('posts', key)
    setOnline(true)
    await synced()
    await settled()
    expect(backend.rows('posts')).toMatchObject([{ title: 'edited on the train' }])
    expect(backend.rows('posts')[0]?.id).not.toBe(key)
    expect(backend.asked({ method: 'POST' })).toHaveLength(2)
    await expectSameRows(db, backend)
  })
})
