import { expect, it, onTestFinished, vi } from 'vitest'
import { journey } from '../support/journey'
import { users } from '../support/users'

it('a disk that is full while somebody signs out leaves everything as it was', async () => {
  const world = users('A')
  world.insert('A', 'notes', { id: 's', text: 'A from the server' })
  const { db, sync, until, settled, setOnline } = await journey(world)
  await settled()
  setOnline(false)
  await db.notes.update('s', { text: 'A edited' })
  let full = 1
  const put = IDBObjectStore.prototype.put
  const spy = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    ...row
  ) {
    const request = put.apply(this, row)
    if (this.name === '_sync_leader' && this.transaction.objectStoreNames.length > 5 && full-- > 0)
      request.addEventListener('success', () =>
        (this.transaction as unknown as { _abort(name: string): void })._abort('QuotaExceededError'),
      )
    return request
  })
  onTestFinished(() => spy.mockRestore())
  await expect(until(sync.signOut({ pending: 'keep' }))).rejects.toMatchObject({ code: 'quota-exceeded' })
  expect(await db.notes.get('s')).toMatchObject({ text: 'A edited' })
  setOnline(true)
  await until(sync.sync())
  await settled()
  expect(world.rows('A')).toMatchObject([{ text: 'A edited' }])
})
