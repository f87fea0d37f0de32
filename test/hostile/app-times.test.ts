import { expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { expectSameRows, journey } from '../support/journey'

it('the time an app has given a new row holds nothing back, where the server answers without a row', async () => {
  const backend = createBackend()
  const { db, synced, settled, device } = await journey({ backend })
  await settled()
  backend.changeNext(1, () => ({ status: 204 }), { method: 'POST' })
  const ahead = new Date(device.now() + 365 * 24 * 3600_000).toISOString()
  await db.notes.add({ id: 'n', text: 'mine', updated_at: ahead })
  await settled()
  await synced()
  backend.change('notes', 'n', { text: 'theirs' })
  await synced()
  expect(await db.notes.get('n')).toMatchObject({ text: 'theirs' })
  await expectSameRows(db, backend)
})

it('nor where it is edited before the server has told its time, and answers without a row again', async () => {
  const backend = createBackend()
  const { db, synced, settled, device } = await journey({ backend })
  await settled()
  backend.changeNext(1, () => ({ status: 204 }), { method: 'POST' })
  backend.changeNext(1, () => ({ status: 204 }), { method: 'PATCH' })
  const ahead = new Date(device.now() + 365 * 24 * 3600_000).toISOString()
  await db.notes.add({ id: 'n', text: 'mine', updated_at: ahead })
  await settled()
  await db.notes.update('n', { text: 'edited' })
  await settled()
  await synced()
  backend.change('notes', 'n', { text: 'theirs' })
  await synced()
  expect(await db.notes.get('n')).toMatchObject({ text: 'theirs' })
  await expectSameRows(db, backend)
})
