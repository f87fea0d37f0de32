import { expect, it, onTestFinished, vi } from 'vitest'
import { defineRoutes, resource } from '../../src/index'
import { journey } from '../support/journey'

it('a full disk takes nothing from what a limited table may send', async () => {
  const routes = defineRoutes({
    notes: resource('/api/notes', { rateLimit: { requests: 2, per: 10_000 } }),
    posts: resource('/api/posts'),
  })
  const { db, backend, device, settled } = await journey({ config: { routes, sync: { interval: 0 } } })
  await settled()
  let full = 1
  const put = IDBObjectStore.prototype.put
  const spy = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    ...row
  ) {
    const request = put.apply(this, row)
    if (this.name === '_sync_fences' && full-- > 0)
      request.addEventListener('success', () =>
        (this.transaction as unknown as { _abort(name: string): void })._abort('QuotaExceededError'),
      )
    return request
  })
  onTestFinished(() => spy.mockRestore())
  await db.notes.bulkAdd([
    { id: 'a', text: 'x' },
    { id: 'b', text: 'x' },
  ])
  await device.advance(1_000)
  expect(backend.rows('notes')).toHaveLength(0)
  await device.advance(20_000)
  expect(backend.rows('notes')).toHaveLength(2)
  await device.advance(60_000)
})
