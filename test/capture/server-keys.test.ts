import type Dexie from 'dexie'
import { describe, expect, it } from 'vitest'
import { isTemporary } from '../../src/keys/temporary'
import type { Key } from '../../src/model/change'
import { countRequests } from '../support/count-requests'
import { type CapturedDb, openCaptured } from './support'

const stores = {
  posts: '++id, title',
  notes: '++',
  names: 'id',
  deep: '++meta.id',
  pairs: '[a+b]',
  tags: 'id',
}
const open = () =>
  openCaptured(stores, {
    posts: 'server',
    notes: 'server',
    names: 'server',
    deep: 'server',
    pairs: 'server',
    tags: 'client',
  })

/** The server made a real key: the row is renamed, as settling does it, and this tab has heard of it or not. */
async function rename({ db, capture, aliases }: CapturedDb, temporary: Key, key: Key, heard: boolean) {
  await db.transaction('rw!', ['posts', '_sync_aliases'], async (tx) => {
    const trans = tx.idbtrans as never
    const posts = capture.below().table('posts')
    const row = await posts.get({ trans, key: temporary })
    await posts.mutate({ type: 'delete', trans, keys: [temporary] })
    await posts.mutate({ type: 'put', trans, values: [{ ...row, id: key }] })
    await capture
      .below()
      .table('_sync_aliases')
      .mutate({ type: 'put', trans, values: [{ table: 'posts', temporary, key, at: 0 }] })
  })
  if (heard) aliases.set('posts', temporary, key)
}

async function renamed(heard: boolean): Promise<CapturedDb & { temporary: number }> {
  const captured = open()
  const temporary = (await captured.db.table('posts').add({ title: 'a', n: 1 })) as number
  await rename(captured, temporary, 57, heard)
  await captured.forget()
  return { ...captured, temporary }
}

describe('a new row without a key', () => {
  it('gets a temporary one, which is answered, set on the object and told', async () => {
    const { db, changes } = open()
    const post = { title: 'a' }
    const key = (await db.table('posts').add(post)) as number
    expect([isTemporary(key), post]).toEqual([true, { title: 'a', id: key }])
    expect(await changes()).toEqual([{ kind: 'create', key, row: { title: 'a', id: key } }])
  })

  it.each([
    ['add', (db: Dexie, row: object) => db.table('posts').add(row)],
    ['put', (db: Dexie, row: object) => db.table('posts').put(row)],
    ['bulkAdd', (db: Dexie, row: object) => db.table('posts').bulkAdd([row])],
    ['bulkPut', (db: Dexie, row: object) => db.table('posts').bulkPut([row])],
  ])('by %s, of a class, frozen or with an empty key field', async (_, write) => {
    class Post {
      title = 'a'
    }
    for (const row of [new Post(), Object.freeze({ title: 'a' }), { id: undefined, title: 'a' }]) {
      const { db, changes } = open()
      const key = (await write(db, row)) as number
      expect(isTemporary(key)).toBe(true)
      expect(await db.table('posts').toArray()).toEqual([{ id: key, title: 'a' }])
      expect((await changes()).map((change) => change.key)).toEqual([key])
    }
  })

  it('gets one outside the row, deep in it, and as text where keys are no numbers', async () => {
    const { db } = open()
    expect(isTemporary((await db.table('notes').add({ n: 1 })) as Key)).toBe(true)
    const key = await db.table('deep').add({ meta: { n: 1 } })
    expect(await db.table('deep').toArray()).toEqual([{ meta: { n: 1, id: key } }])
    expect(await db.table('names').add({})).toMatch(/^new~/)
    expect((await db.table('posts').bulkAdd([{}, {}], { allKeys: true })).length).toBe(2)
  })

  it('keeps its before-images and costs what a row with a key costs', async () => {
    const { db } = open()
    await db.open()
    expect((await countRequests(() => db.table('posts').add({}))).requests).toBe(2)
    expect((await countRequests(() => db.table('posts').bulkPut([{}, {}]))).requests).toBe(3)
    expect((await countRequests(() => db.table('tags').add({ id: 1 }))).requests).toBe(2)
  })
})

describe('a new row with a key the app made', () => {
  it.each([
    ['add', (db: Dexie) => db.table('posts').add({ id: 7 })],
    ['bulkAdd', (db: Dexie) => db.table('posts').bulkAdd([{ title: 'x' }, { id: 7 }])],
    ['put', (db: Dexie) => db.table('posts').put({ id: 7 })],
    ['bulkPut', (db: Dexie) => db.table('posts').bulkPut([{ title: 'x' }, { id: 7 }])],
    ['upsert', (db: Dexie) => db.table('posts').upsert(7, { title: 'x' })],
    ['outside the row', (db: Dexie) => db.table('notes').put({}, 7)],
    ['of two parts', (db: Dexie) => db.table('pairs').put({ a: 1, b: 2 })],
    ['in a call refused half-way', (db: Dexie) => db.table('posts').bulkPut([{ id: 7 }, { f: () => {} }])],
  ])('is refused: %s', async (name, write) => {
    const { db, log } = open()
    const late = name === 'in a call refused half-way'
    await expect(write(db)).rejects.toMatchObject(
      late ? { name: 'DataCloneError' } : { code: 'server-key', key: expect.anything() },
    )
    expect(await db.table('posts').count()).toBe(0)
    expect(await db.table('notes').count()).toBe(0)
    expect(await log()).toEqual([])
  })

  it('rolls a transaction back where the row is already written', async () => {
    const { db } = open()
    const work = db.transaction('rw', 'posts', async () => {
      await db.table('posts').add({ title: 'a' })
      await db.table('posts').put({ id: 7 })
    })
    await expect(work).rejects.toMatchObject({ code: 'server-key' })
    expect(await db.table('posts').count()).toBe(0)
  })

  it('may have a temporary key, and an old row any', async () => {
    const captured = open()
    const { db, capture } = captured
    await db.table('posts').add({ id: -5, title: 'a' })
    await db.transaction('rw!', ['posts'], (tx) =>
      capture
        .below()
        .table('posts')
        .mutate({ type: 'put', trans: tx.idbtrans as never, values: [{ id: 7 }] }),
    )
    await db.table('posts').bulkPut([
      { id: 7, title: 'b' },
      { id: -5, title: 'c' },
    ])
    expect(await db.table('posts').toArray()).toEqual([
      { id: -5, title: 'c' },
      { id: 7, title: 'b' },
    ])
  })
})

describe.each([true, false])(
  'a temporary key that has become a real one (this tab has heard of it: %s)',
  (heard) => {
    const row = { id: 57, title: 'a', n: 1 }

    it('is followed by every write', async () => {
      const writes: [string, (db: Dexie, temporary: number) => PromiseLike<unknown>, unknown][] = [
        ['update', (db, key) => db.table('posts').update(key, { n: 2 }), { ...row, n: 2 }],
        ['put', (db, key) => db.table('posts').put({ id: key, n: 2 }), { id: 57, n: 2 }],
        ['bulkPut', (db, key) => db.table('posts').bulkPut([{ id: key, n: 2 }]), { id: 57, n: 2 }],
        ['upsert', (db, key) => db.table('posts').upsert(key, { n: 2 }), { ...row, n: 2 }],
        [
          'bulkUpdate',
          (db, key) => db.table('posts').bulkUpdate([{ key, changes: { n: 2 } }]),
          { ...row, n: 2 },
        ],
        ['modify', (db, key) => db.table('posts').where('id').equals(key).modify({ n: 2 }), { ...row, n: 2 }],
        ['delete', (db, key) => db.table('posts').delete(key), undefined],
        ['bulkDelete', (db, key) => db.table('posts').bulkDelete([key]), undefined],
        ['range delete', (db, key) => db.table('posts').where('id').equals(key).delete(), undefined],
      ]
      for (const [name, write, left] of writes) {
        const { db, temporary, changes } = await renamed(heard)
        await write(db, temporary)
        expect([name, await db.table('posts').toArray()]).toEqual([name, left ? [left] : []])
        expect((await changes()).map(({ key, kind }) => [name, key, kind])).toEqual([
          [name, 57, left ? 'update' : 'delete'],
        ])
      }
    })

    it('is found by reads in a transaction that writes', async () => {
      const { db, temporary } = await renamed(heard)
      const posts = db.table('posts')
      await db.transaction('rw', 'posts', async () => {
        expect(await posts.get(temporary)).toEqual(row)
        expect(await posts.bulkGet([temporary, 1])).toEqual([row, undefined])
        expect(await posts.where('id').equals(temporary).count()).toBe(1)
        expect(await posts.where('id').equals(temporary).toArray()).toEqual([row])
        expect(
          await posts
            .where('id')
            .equals(temporary)
            .filter(() => true)
            .toArray(),
        ).toEqual([row])
      })
    })

    it('cannot be added once more', async () => {
      const { db, temporary } = await renamed(heard)
      await expect(db.table('posts').add({ id: temporary })).rejects.toMatchObject({
        name: 'ConstraintError',
      })
    })

    it('keeps the calls of a transaction in order, those of other tables too', async () => {
      const { db, temporary, changes } = await renamed(heard)
      const order: number[] = []
      const note = (i: number) => () => {
        order.push(i)
      }
      const posts = db.table('posts')
      await db.transaction('rw', 'posts', 'tags', () =>
        Promise.all([
          db.table('tags').add({ id: 1 }).then(note(0)),
          posts.update(temporary, { n: 2 }).then(note(1)),
          db.table('tags').put({ id: 1, n: 2 }).then(note(2)),
          posts.get(57).then(note(3)),
          db.table('tags').delete(1).then(note(4)),
          posts.put({ id: temporary, n: 3 }).then(note(5)),
          posts.delete(57).then(note(6)),
        ]),
      )
      expect(order.filter((i) => i !== 1)).toEqual([0, 2, 3, 4, 5, 6])
      expect((await changes()).at(-1)?.kind).toBe('delete')
      expect(await posts.count()).toBe(0)
      expect(await db.table('tags').count()).toBe(0)
    })
  },
)

describe('a reading transaction', () => {
  it('follows what this tab has heard of', async () => {
    const { db, temporary } = await renamed(true)
    expect(await db.table('posts').get(temporary)).toMatchObject({ id: 57 })
    expect(await db.table('posts').bulkGet([temporary])).toMatchObject([{ id: 57 }])
    expect(await db.table('posts').where('id').equals(temporary).count()).toBe(1)
  })
})

describe('what looking for an alias costs', () => {
  it('nothing where no temporary key is named, one request where one is, none the second time', async () => {
    const { db } = open()
    const key = (await db.table('posts').add({ n: 1 })) as number
    const inTransaction = (times: number) => () =>
      db.transaction('rw', 'posts', async () => {
        for (let i = 0; i < times; i++) await db.table('posts').get(key)
      })
    expect((await countRequests(inTransaction(1))).requests).toBe(2)
    expect((await countRequests(inTransaction(3))).requests).toBe(4)
    expect((await countRequests(() => db.table('posts').get(key))).requests).toBe(1)
    expect(
      (await countRequests(() => db.transaction('rw', 'posts', () => db.table('posts').get(7)))).requests,
    ).toBe(1)
  })
})
