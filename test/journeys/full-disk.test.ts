import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { expectSameRows, journey, status } from '../support/journey'

/** What a browser does to a transaction whose data do not fit; fake-indexeddb can do it, but has no name for it. */
function runFull(transaction: IDBTransaction): void {
  ;(transaction as unknown as { _abort(name: string): void })._abort('QuotaExceededError')
}

/**
 * A disk with room for `most` rows of a table in one transaction; undefined = enough. As browsers do it: the request
 * goes well, and the transaction is aborted.
 */
function smallDisk(table: string) {
  const disk = { most: undefined as number | undefined }
  const written = new WeakMap<IDBTransaction, number>()
  const put = IDBObjectStore.prototype.put
  const spy = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    ...row
  ) {
    const request = put.apply(this, row)
    if (this.name !== table || disk.most === undefined) return request
    const count = (written.get(this.transaction) ?? 0) + 1
    written.set(this.transaction, count)
    if (count === disk.most + 1) request.addEventListener('success', () => runFull(this.transaction))
    return request
  })
  onTestFinished(() => spy.mockRestore())
  return disk
}

const config = { sync: { interval: 0, pull: { pageSize: 40 } } } as const

async function devicesBelow(most: number | undefined) {
  const disk = smallDisk('notes')
  const here = await journey({ config })
  await here.settled()
  for (let i = 0; i < 100; i++)
    here.backend.insert('notes', { id: `n${String(i).padStart(3, '0')}`, text: 'x' })
  disk.most = most
  return { ...here, disk }
}

describe('a disk that is full while a page is applied', () => {
  it('keeps the checkpoint, says so, and asks for half the page after a rest, until it fits', async () => {
    const { sync, backend, device, until, db } = await devicesBelow(12)
    const troubles: string[] = []
    sync.on('storage-error', ({ reason }) => troubles.push(reason.code))
    const { reason } = await until(sync.sync())
    expect(reason).toMatchObject({ code: 'quota-exceeded' })
    expect(sync.getStatus().error).toMatchObject({ code: 'quota-exceeded' })
    expect(await db.notes.count()).toBe(0)
    await device.advance(120_000)
    const limits = backend
      .asked({ method: 'GET', path: '/api/notes' })
      .map(({ query }) => Number(query.limit))
    expect([...new Set(limits)]).toEqual([40, 20, 10])
    expect(troubles).toEqual(['quota-exceeded', 'quota-exceeded'])
    await expectSameRows(db, backend, ['notes'])
    expect(sync.getStatus().error).toBeUndefined()
  })

  it('is not stormed: an hour of it is 17 tries', async () => {
    const { backend, device, until, sync, tab } = await devicesBelow(0)
    let tries = 0
    sync.on('storage-error', () => {
      tries += 1
    })
    const before = backend.requests.length
    await until(sync.sync())
    await device.advance(3_600_000)
    expect(tries).toBe(17)
    // Small pages end among rows of one time, and are asked for again, larger; and each asks ahead for the next.
    expect(backend.asked({ path: '/api/notes' }).length - before).toBeLessThan(5 * tries)
    expect(tab.reports).toEqual([])
  })

  it('heeds the time that the server asks for in answer to the page behind', async () => {
    const disk = smallDisk('posts')
    const { backend, device, sync, db, settled } = await journey({ config })
    await settled()
    for (let i = 0; i < 100; i++) {
      await device.advance(100)
      backend.insert('posts', { title: `${i}` })
    }
    disk.most = 0
    const first = backend.nextRequest({ path: '/api/posts' })
    const synced = sync.sync()
    await first
    backend.respondNext(1, { status: 429, headers: { 'retry-after': '120' } }, { path: '/api/posts' })
    const refused = backend.nextRequest({ path: '/api/posts' })
    await synced
    await refused
    await device.settle()
    const asked = backend.requests.length
    await db.posts.add({ title: 'patient' })
    await device.advance(110_000)
    expect(backend.requests.length).toBe(asked)
  })

  it('as well as while an answer is applied does not send the change again and again', async () => {
    const disk = smallDisk('posts')
    const { backend, device, sync, db, settled, until } = await journey({ config })
    await settled()
    for (let i = 0; i < 100; i++) backend.insert('posts', { title: `${i}` })
    disk.most = 0
    await until(sync.sync())
    await db.posts.add({ title: 'new' })
    await device.advance(600_000)
    expect(backend.asked({ method: 'POST' }).length).toBeLessThan(12)
    disk.most = undefined
    await until(sync.sync())
    await settled()
    await expectSameRows(db, backend, ['posts'])
  })

  it('does not hold back what this device has to say', async () => {
    const { db, backend, device, until, sync } = await devicesBelow(0)
    await until(sync.sync())
    await db.posts.add({ title: 'new' })
    await device.advance(10_000)
    expect(backend.rows('posts')).toHaveLength(1)
    const [post] = await db.posts.toArray()
    await db.posts.update(post!.id!, { text: 'edited' })
    await device.advance(10_000)
    expect(backend.rows('posts')[0]).toMatchObject({ text: 'edited' })
  })

  it('lets changes of the very table that cannot be pulled leave, each looked at by itself', async () => {
    const { db, backend, device, until, sync, disk } = await devicesBelow(undefined)
    await until(sync.sync())
    await device.advance(30_000)
    for (let i = 100; i < 200; i++) backend.insert('notes', { id: `n${i}`, text: 'x' })
    disk.most = 5
    await db.notes.update('n001', { text: 'edited here' })
    await device.advance(20_000)
    expect(backend.rows('notes').find(({ id }) => id === 'n001')).toMatchObject({ text: 'edited here' })
  })

  it('that has room again goes on at once when somebody asks, and with whole pages after that', async () => {
    const { db, backend, until, sync, disk, settled, device } = await devicesBelow(0)
    await until(sync.sync())
    disk.most = undefined
    await until(sync.sync())
    await settled()
    await expectSameRows(db, backend, ['notes'])
    await device.advance(60_000)
    await until(sync.sync())
    const limits = backend
      .asked({ method: 'GET', path: '/api/notes' })
      .map(({ query }) => Number(query.limit))
    expect(limits.at(-1)).toBe(40)
  })
})

describe('a disk that is full while the app writes', () => {
  it('refuses the write to the app, and nothing of it is sent', async () => {
    const { db, backend, settled, sync, until } = await journey()
    await settled()
    const add = IDBObjectStore.prototype.add
    const spy = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (
      this: IDBObjectStore,
      ...row
    ) {
      const request = add.apply(this, row)
      if (this.name === '_sync_log') request.addEventListener('success', () => runFull(this.transaction))
      return request
    })
    await expect(until(Promise.resolve(db.notes.add({ id: 'n', text: 'x' })))).rejects.toMatchObject({
      inner: { name: 'QuotaExceededError' },
    })
    spy.mockRestore()
    expect(await db.notes.count()).toBe(0)
    await settled()
    expect(backend.rows('notes')).toEqual([])
    await until(status(sync, ({ pending }) => pending === 0))
  })
})
