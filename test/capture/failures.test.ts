import { afterEach, describe, expect, it } from 'vitest'
import { isSyncError, type SyncError } from '../../src/model/error'
import { openCaptured } from './support'

const original = IDBObjectStore.prototype.add
const originalGet = IDBObjectStore.prototype.get
afterEach(() => {
  IDBObjectStore.prototype.add = original
  IDBObjectStore.prototype.get = originalGet
})

const open = () =>
  openCaptured({ posts: 'id, &code', tasks: '++id, &code' }, { posts: 'client', tasks: 'client' })

/** From here the log refuses records: by throwing, or as a request that fails. */
function breakLog(how: 'throws' | 'fails', name: string): void {
  IDBObjectStore.prototype.add = function (value, key) {
    if (this.name !== '_sync_log') return original.call(this, value, key as IDBValidKey)
    if (how === 'throws') throw new DOMException('no', name)
    const request = original.call(this, value)
    request.addEventListener('success', (event) => {
      event.stopImmediatePropagation()
      Object.defineProperty(request, 'error', { value: new DOMException('no', name) })
      request.onerror?.({ target: request, preventDefault() {}, stopPropagation() {} } as never)
    })
    return request
  }
}

async function errorOf(work: PromiseLike<unknown>): Promise<SyncError> {
  const error = await Promise.resolve(work).then(
    () => new Error('it went through'),
    (reason: unknown) => reason,
  )
  if (!isSyncError(error)) throw new Error(`no SyncError, but ${String(error)}`)
  return error
}

describe.each(['throws', 'fails'] as const)('when the log %s', (how) => {
  it('a single write is rolled back and says so', async () => {
    const { db } = open()
    await db.open()
    breakLog(how, 'UnknownError')
    for (const write of [
      () => db.table('posts').add({ id: 1 }),
      () => db.table('posts').put({ id: 1 }),
      () => db.table('tasks').add({}),
      () => db.table('posts').upsert(1, { a: 1 }),
    ]) {
      const error = await errorOf(write())
      expect([error.code, (error.cause as Error).name]).toEqual(['capture-failed', 'UnknownError'])
    }
    expect(await db.table('posts').count()).toBe(0)
    expect(await db.table('tasks').count()).toBe(0)
  })

  it('a transaction is rolled back as a whole, even if it had no more to do', async () => {
    const { db } = open()
    await db.table('posts').add({ id: 1, n: 1 })
    breakLog(how, 'UnknownError')
    const error = await errorOf(db.transaction('rw', 'posts', () => db.table('posts').put({ id: 1, n: 2 })))
    expect(error.code).toBe('capture-failed')
    expect(await db.table('posts').toArray()).toEqual([{ id: 1, n: 1 }])
  })

  it('a transaction that goes on hears of it at its next call', async () => {
    const { db } = open()
    await db.open()
    breakLog(how, 'UnknownError')
    const error = await errorOf(
      db.transaction('rw', 'posts', async () => {
        await db.table('posts').add({ id: 1 })
        await db.table('posts').get(1)
        await db.table('posts').add({ id: 2 })
        await db.table('posts').toArray()
      }),
    )
    expect(error.code).toBe('capture-failed')
    expect(await db.table('posts').count()).toBe(0)
  })

  it('because the disk is full, that is said', async () => {
    const { db } = open()
    await db.open()
    breakLog(how, 'QuotaExceededError')
    expect((await errorOf(db.table('posts').add({ id: 1 }))).code).toBe('quota-exceeded')
  })
})

describe('other failures of capture', () => {
  it('an identity that cannot be told rolls the write back', async () => {
    let broken = false
    const { db } = openCaptured({ posts: 'id' }, { posts: 'client' }, () => {
      if (broken) throw new TypeError('who?')
      return 'someone'
    })
    await db.table('posts').add({ id: 1, n: 1 })
    broken = true
    for (const write of [
      () => db.table('posts').add({ id: 2 }),
      () => db.table('posts').put({ id: 1 }),
      () => db.table('posts').clear(),
    ]) {
      const error = await errorOf(write())
      expect([error.code, (error.cause as Error).message]).toEqual(['capture-failed', 'who?'])
    }
    expect(await db.table('posts').toArray()).toEqual([{ id: 1, n: 1 }])
  })

  it('a before-image that cannot be read rolls the write back', async () => {
    const { db } = open()
    await db.table('posts').add({ id: 1 })
    IDBObjectStore.prototype.get = () => {
      throw new DOMException('no', 'UnknownError')
    }
    expect((await errorOf(db.table('posts').put({ id: 1, n: 2 }))).code).toBe('capture-failed')
    IDBObjectStore.prototype.get = originalGet
    expect(await db.table('posts').toArray()).toEqual([{ id: 1 }])
  })

  it('an error of the app that aborts its transaction stays the app’s', async () => {
    const { db } = open()
    const work = db.transaction('rw', 'posts', async (tx) => {
      const writing = [db.table('posts').put({ id: 1 }), db.table('posts').add({ id: 2 })]
      tx.abort()
      await Promise.all(writing)
    })
    await expect(work).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('where rows are refused', () => {
  it('the log tells those that were written', async () => {
    const { db, changes } = open()
    await db.table('posts').add({ id: 1, code: 'a' })
    await expect(
      db.table('posts').bulkAdd([{ id: 2 }, { id: 1 }, { id: 3, code: 'a' }, { id: 4 }]),
    ).rejects.toMatchObject({
      name: 'BulkError',
    })
    await expect(db.table('posts').update(2, { code: 'a' })).rejects.toThrow()
    await expect(db.table('posts').add({ id: 9, code: 'a' })).rejects.toMatchObject({
      name: 'ConstraintError',
    })
    expect((await changes()).map(({ kind, key }) => `${kind} ${String(key)}`)).toEqual([
      'create 1',
      'create 2',
      'create 4',
    ])
  })

  it.each([
    ['a row that cannot be stored', { id: 3, f: () => {} }, 'DataCloneError'],
    ['a row that hides that it cannot be stored', new Proxy({ id: 3 }, {}), 'DataCloneError'],
    ['a key that is none', { id: Number.NaN }, 'DataError'],
  ])('%s: the rows before it are written and told', async (_, bad, name) => {
    for (const method of ['bulkAdd', 'bulkPut'] as const) {
      const { db, changes, forget } = open()
      await db.table('posts').add({ id: 1, old: true })
      await forget()
      const rows = [{ id: 1 }, { id: 2 }, bad, { id: 4 }]
      await expect(db.table('posts')[method](rows)).rejects.toMatchObject({ name })
      const written = (await db.table('posts').toCollection().primaryKeys()) as number[]
      expect(written).toEqual([1, 2])
      const told = (await changes()).map(({ kind, key }) => `${kind} ${String(key)}`)
      expect(told).toEqual(method === 'bulkAdd' ? ['create 2'] : ['update 1', 'create 2'])
    }
  })

  it('the generated keys of a call refused half-way are told too', async () => {
    const { db, changes } = open()
    await db.table('tasks').bulkAdd([{ a: 1 }, { a: 2 }])
    await expect(db.table('tasks').bulkAdd([{ a: 3 }, { a: 3 }, { f: () => {} }])).rejects.toMatchObject({
      name: 'DataCloneError',
    })
    expect((await changes()).map(({ row }) => row)).toEqual(await db.table('tasks').toArray())
    expect(await db.table('tasks').count()).toBe(4)
  })
})
