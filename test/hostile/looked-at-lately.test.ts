import { expect, it } from 'vitest'
import { journey } from '../support/journey'

const minute = 60_000

it('patience with a look begins when the look of a change fails, however long its table has been looked at before', async () => {
  const { db, sync, backend, device, settled } = await journey({
    config: { sync: { interval: 5_000, push: { verify: 'get' } } },
  })
  const heard: string[] = []
  sync.on('unverified-push', ({ key }) => heard.push(String(key)))
  await db.notes.add({ id: 'n', text: 'one' })
  await settled()
  await db.notes.update('n', { text: 'two' })
  await settled()
  await device.advance(10 * minute)
  await db.notes.update('n', { text: 'three' })
  await settled()
  expect(heard).toEqual([])

  await device.advance(10 * minute)
  const before = backend.asked({ method: 'PATCH' }).length
  backend.respondNext(1_000, { status: 400, body: {} }, { path: '/api/notes/n', method: 'GET' })
  await db.notes.update('n', { text: 'four' })
  await device.advance(4 * minute)
  expect(backend.asked({ method: 'PATCH' })).toHaveLength(before)
  await device.advance(2 * minute)
  expect(backend.asked({ method: 'PATCH' })).toHaveLength(before + 1)
  expect(heard).toEqual(['n'])
})
