import { expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { eventLog, expectSameRows, journey } from '../support/journey'

const second = 1_000

it('an app that writes without end hears of others, and its edits of other tables arrive', async () => {
  const backend = createBackend()
  const { db, device, settled } = await journey({ backend, config: { sync: { interval: 10 * second } } })
  await db.posts.add({ title: 'a post' })
  await settled()
  const slow: { release(): void }[] = []
  let made = 0
  // Each answer comes after the next row was written.
  const write = async () => {
    slow.push(backend.holdNext({ method: 'POST' }))
    await db.notes.add({ id: `n${made++}`, text: 'here' })
    await device.advance(second)
    if (slow.length > 1) slow.shift()!.release()
  }
  await write()
  await write()
  const post = (await db.posts.toCollection().first())!
  await db.posts.update(post.id!, { text: 'edited' })
  backend.insert('notes', { id: 'other', text: 'of somebody else' })
  for (let i = 0; i < 45; i++) await write()
  expect.soft(await db.notes.get('other')).toMatchObject({ text: 'of somebody else' })
  expect.soft(backend.rows('posts')).toMatchObject([{ text: 'edited' }])
  for (const { release } of slow) release()
  await settled()
  await expectSameRows(db, backend)
})

it('a run leaves to the next what is written long after its begin; what is discarded by then is not asked for again', async () => {
  const backend = createBackend()
  const { db, sync, device, settled, until } = await journey({ backend })
  await settled()
  const write = async (id: string) => {
    const held = backend.holdNext({ method: 'POST' })
    await db.notes.add({ id, text: 'slow' })
    await until(held.arrived)
    return held
  }
  const first = await write('a')
  await device.advance(11 * second)
  const behind = await write('b')
  first.release()
  await device.advance(second)
  await db.notes.bulkAdd([
    { id: 'c', text: 'left for the next run' },
    { id: 'd', text: 'x' },
  ])
  await device.advance(second)
  expect(backend.asked({ method: 'POST' })).toHaveLength(2)
  await until(sync.discard('notes', 'd'))
  await until(sync.discard('notes', 'c'))
  const heard = eventLog(sync, 'push-start')
  behind.release()
  await device.advance(20 * second)
  expect(heard.length).toBeLessThan(5)
  await expectSameRows(db, backend)
})
