import { describe, expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

/** A create that has arrived and was given up on, whose row somebody else has deleted since. */
async function deletedWhileInDoubt() {
  const backend = createBackend()
  const here = await journey({ backend })
  const { db, sync, synced, until } = here
  await synced()
  backend.changeNext(1, (answer) => ({ ...answer, body: undefined, status: 204 }), { method: 'POST' })
  const dead = new Promise<void>((resolve) => sync.once('dead-letter', () => resolve()))
  await db.posts.add({ title: 'made' })
  await until(dead)
  await synced()
  backend.erase('posts', backend.rows('posts')[0]!.id)
  await synced()
  // Long enough for the checkpoint to pass the deletion, overlap included.
  for (let i = 0; i < 900; i++) backend.store.now()
  backend.insert('posts', { title: 'another' })
  await synced()
  const [letter] = await sync.deadLetters.list()
  expect(letter).toMatchObject({ inDoubt: true })
  return { ...here, again: () => until(sync.deadLetters.retry(letter!.id)) }
}

describe('a row that was deleted while nobody knew here whether it was made', () => {
  it('does not come back when the create is sent again', async () => {
    const { again, settled, synced, backend, db } = await deletedWhileInDoubt()
    await again()
    await settled()
    await synced()
    expect(backend.rows('posts')).toMatchObject([{ title: 'another' }])
    await expectSameRows(db, backend)
  })

  it('nor after the time in which receipts are kept', async () => {
    const { again, settled, synced, device, backend, db } = await deletedWhileInDoubt()
    await device.advance(20 * 60_000)
    await synced()
    await again()
    await settled()
    await synced()
    expect(backend.rows('posts')).toMatchObject([{ title: 'another' }])
    await expectSameRows(db, backend)
  })

  it('nor where the tab was opened anew in between', async () => {
    const here = await deletedWhileInDoubt()
    const { db, sync, until, settled, synced, backend } = await here.reload()
    await synced()
    const [letter] = await sync.deadLetters.list()
    await until(sync.deadLetters.retry(letter!.id))
    await settled()
    await synced()
    await expectSameRows(db, backend)
  })
})
