import { expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

it('a request that hangs does not hold back what is written meanwhile', async () => {
  const backend = createBackend()
  const { db, device, settled } = await journey({ backend })
  await settled()
  const slow = backend.holdNext({ method: 'POST' }, { applied: false })
  await db.notes.add({ id: 'slow', text: 'a picture' })
  await device.advance(1_000)
  await db.notes.add({ id: 'quick', text: 'a word' })
  await device.advance(1_000)
  expect(backend.rows('notes')).toMatchObject([{ id: 'quick' }])
  await db.notes.add({ id: 'next', text: 'another' })
  await device.advance(1_000)
  expect(backend.rows('notes')).toHaveLength(2)
  slow.release()
  await settled()
  await expectSameRows(db, backend)
})

it('but a change of the same record waits for its answer', async () => {
  const backend = createBackend()
  const { db, device, settled } = await journey({ backend })
  await settled()
  const slow = backend.holdNext({ method: 'POST' })
  await db.notes.add({ id: 'n', text: 'one' })
  await device.advance(1_000)
  await db.notes.update('n', { text: 'two' })
  await device.advance(5_000)
  expect(backend.asked({ method: 'PATCH' })).toEqual([])
  slow.release()
  await settled()
  expect(backend.rows('notes')).toMatchObject([{ text: 'two' }])
  await expectSameRows(db, backend)
})
