import Dexie, { liveQuery } from 'dexie'
import { describe, expect, it } from 'vitest'
import { withStrictDurability } from '../../src/storage/durability'
import { captureOn, freshName, openCaptured } from './support'

const open = () =>
  openCaptured({ posts: 'id, title', notes: '', tags: '++id' }, { posts: 'client', notes: 'client' })

describe('the record of a call', () => {
  it('says when, whose, in which transaction and schema, and what', async () => {
    const { db, log } = open()
    await db.transaction('rw', 'posts', async () => {
      await db.table('posts').add({ id: 1, title: 'a' })
      await db.table('posts').update(1, { title: 'b' })
    })
    const [first, second] = await log()
    expect(first).toEqual({
      seq: 1,
      format: 1,
      stamp: { time: 1_000, count: 0, node: 'a' },
      id: expect.any(String),
      tx: expect.any(String),
      table: 'posts',
      at: 1_000,
      schemaVersion: 1,
      identity: 'someone',
      changes: [{ kind: 'create', key: 1, row: { id: 1, title: 'a' } }],
    })
    expect(second?.tx).toBe(first?.tx)
    expect(second?.id).not.toBe(first?.id)
  })

  it('holds at most 200 changes or about 256 kB', async () => {
    const { db, log } = open()
    await db.table('posts').bulkAdd(Array.from({ length: 450 }, (_, id) => ({ id })))
    await db.table('notes').bulkAdd(Array(5).fill({ text: 'x'.repeat(100_000) }), [1, 2, 3, 4, 5])
    expect((await log()).map(({ changes }) => changes.length)).toEqual([200, 200, 50, 2, 2, 1])
  })

  it('is marked where a whole table was cleared, and only there', async () => {
    const { db, log } = open()
    const posts = db.table('posts')
    await posts.bulkAdd([{ id: 1 }, { id: 2 }, { id: 3 }])
    await posts.where('id').above(2).delete()
    await posts.clear()
    expect((await log()).map(({ clear, changes }) => [clear, changes.map(({ key }) => key)])).toEqual([
      [undefined, [1, 2, 3]],
      [undefined, [3]],
      [true, [1, 2]],
    ])
  })

  it('keeps every change of a call that writes one row twice', async () => {
    const { db, changes } = open()
    await db.table('posts').bulkPut([
      { id: 1, title: 'a' },
      { id: 1, title: 'b', more: 1 },
      { id: 1, title: 'b' },
    ])
    expect(await changes()).toEqual([
      { kind: 'create', key: 1, row: { id: 1, title: 'a' } },
      { kind: 'update', key: 1, set: { title: 'b', more: 1 }, before: { id: 1, title: 'a' } },
      { kind: 'update', key: 1, set: {}, unset: ['more'], before: { id: 1, title: 'b', more: 1 } },
    ])
  })

  it('does not change with what the app does to its objects afterwards', async () => {
    const { db, changes } = open()
    await db.transaction('rw', 'posts', async () => {
      const post = { id: 1, at: new Date(1), tags: ['a'] }
      const putting = db.table('posts').put(post)
      post.at.setTime(2)
      post.tags.push('b')
      await putting
    })
    expect((await changes())[0]?.row).toEqual({ id: 1, at: new Date(1), tags: ['a'] })
  })

  it('tells a change made inside a date by the modify function itself', async () => {
    const { db, changes, forget } = open()
    await db.table('posts').add({ id: 1, at: new Date(1) })
    await forget()
    await db
      .table('posts')
      .toCollection()
      .modify((post) => post.at.setTime(2))
    expect(await changes()).toEqual([
      { kind: 'update', key: 1, set: { at: new Date(2) }, before: { id: 1, at: new Date(1) } },
    ])
  })

  it('is not written when nothing changed', async () => {
    const { db, log, forget } = open()
    await db.table('posts').add({ id: 1, tags: new Set(['a']), at: new Date(1) })
    await forget()
    await db.table('posts').put({ at: new Date(1), tags: new Set(['a']), id: 1 })
    await db.table('posts').update(1, { at: new Date(1) })
    await db.table('posts').bulkDelete([7, 8])
    await db.table('posts').where('id').above(5).delete()
    expect(await log()).toEqual([])
  })

  it('keeps values without fields: replaced is deleted and made again', async () => {
    const { db, changes } = open()
    await db.table('notes').put('one', 'k')
    await db.table('notes').put('two', 'k')
    expect(await changes()).toEqual([
      { kind: 'create', key: 'k', row: 'one' },
      { kind: 'delete', key: 'k', before: 'one' },
      { kind: 'create', key: 'k', row: 'two' },
    ])
  })

  it('tells a blob from another', async () => {
    const { db, changes, forget } = open()
    await db.table('posts').add({ id: 1, file: new Blob(['a']) })
    await forget()
    await db.table('posts').put({ id: 1, file: new Blob(['b']) })
    expect(await changes()).toHaveLength(1)
  })
})

describe('the order of the log is the order of the calls', () => {
  it('however late each of them knows what it changed', async () => {
    const { db, changes } = open()
    const posts = db.table('posts')
    await db.transaction('rw', 'posts', () =>
      Promise.all([
        posts.put({ id: 1, n: 1 }),
        posts.put({ id: 1, n: 2 }),
        posts.delete(1),
        posts.add({ id: 1 }),
      ]),
    )
    expect((await changes()).map(({ kind }) => kind)).toEqual(['create', 'update', 'delete', 'create'])
  })
})

describe('not captured', () => {
  it('tables that are not synced', async () => {
    const { db, log } = open()
    await db.table('tags').add({})
    expect(await log()).toEqual([])
  })

  it('upgrades and first rows of a new database', async () => {
    const db = new Dexie(freshName())
    db.version(1).stores({ posts: 'id' })
    db.on('populate', (tx) => tx.table('posts').add({ id: 1 }))
    const { log } = captureOn(db, { posts: 'client' })
    await db.open()
    expect(await log()).toEqual([])
  })

  it('what goes below: the log stays as it is, live queries see it', async () => {
    const { db, capture, log } = open()
    await db.open()
    const seen: number[] = []
    let heard = () => {}
    const twice = new Promise<void>((done) => {
      heard = () => seen.at(-1) === 1 && done()
    })
    const subscription = liveQuery(() => db.table('posts').count()).subscribe((count) => {
      seen.push(count)
      heard()
    })
    await db.transaction('rw!', ['posts'], async (tx) => {
      await capture
        .below()
        .table('posts')
        .mutate({ type: 'put', trans: tx.idbtrans as never, values: [{ id: 1 }] })
    })
    await twice
    subscription.unsubscribe()
    expect(await log()).toEqual([])
  })
})

describe('after a commit', () => {
  it('the tables that changed are told, once for the transaction', async () => {
    const { db, commits } = open()
    await db.transaction('rw', 'posts', 'notes', 'tags', async () => {
      await db.table('posts').add({ id: 1 })
      await db.table('notes').add({}, 1)
      await db.table('posts').add({ id: 2 })
    })
    await db.table('posts').put({ id: 2 })
    expect(commits).toEqual([['notes', 'posts']])
  })

  it('nothing is told of what was rolled back, and nothing stays in the log', async () => {
    const { db, commits, log } = open()
    const failing = db.transaction('rw', 'posts', async () => {
      await db.table('posts').add({ id: 1 })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect([commits, await log()]).toEqual([[], []])
  })
})

describe('durability', () => {
  const durabilityOf = (db: Dexie) =>
    db.transaction('rw!', ['posts'], async (tx) => {
      await tx.table('posts').count()
      return (tx.idbtrans as IDBTransaction).durability
    })

  it('is what the app chose, and strict where sync asks for it, even inside a transaction of the app', async () => {
    const db = new Dexie(freshName(), { chromeTransactionDurability: 'relaxed' })
    db.version(1).stores({ posts: 'id', tags: 'id' })
    captureOn(db, { posts: 'client' })
    expect(await durabilityOf(db)).toBe('relaxed')
    expect(await withStrictDurability(() => durabilityOf(db))).toBe('strict')
    expect(
      await db.transaction('r', 'tags', () => Dexie.waitFor(withStrictDurability(() => durabilityOf(db)))),
    ).toBe('strict')
    expect(await durabilityOf(db)).toBe('relaxed')
  })

  it('is strict for tables that are not synced as well', async () => {
    const { db } = open()
    const strict = await withStrictDurability(() =>
      db.transaction('rw', 'tags', async (tx) => {
        await tx.table('tags').count()
        return (tx.idbtrans as IDBTransaction).durability
      }),
    )
    expect(strict).toBe('strict')
  })
})
