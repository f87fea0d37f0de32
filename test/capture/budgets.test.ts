import type Dexie from 'dexie'
import DexieClass from 'dexie'
import { describe, expect, it } from 'vitest'
import { countRequests } from '../support/count-requests'
import { freshName, openCaptured } from './support'

const stores = { posts: 'id, title', notes: '', tasks: '++id' }
const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ id: from + i + 1, title: `t${from + i}` }))

/** Requests and transactions the same work costs without and with capture; `prepare` is not counted. */
async function extra(
  prepare: (db: Dexie) => PromiseLike<unknown>,
  work: (db: Dexie) => PromiseLike<unknown>,
) {
  const plain = new DexieClass(freshName())
  plain.version(1).stores(stores)
  const { db } = openCaptured(stores, { posts: 'client', notes: 'client', tasks: 'client' })
  const counts = []
  for (const one of [plain, db]) {
    await one.open()
    await prepare(one)
    counts.push(await countRequests(() => work(one)))
  }
  const [without, withCapture] = counts
  return {
    requests: withCapture!.requests - without!.requests,
    transactions: withCapture!.transactions - without!.transactions,
  }
}

const nothing = async () => {}
const posts = (db: Dexie) => db.table('posts')
const filled = (count: number) => (db: Dexie) => posts(db).bulkAdd(rows(count))

describe('what capture asks of IndexedDB beyond plain Dexie', () => {
  const cases: [string, (db: Dexie) => PromiseLike<unknown>, (db: Dexie) => PromiseLike<unknown>, number][] =
    [
      ['add', nothing, (db) => posts(db).add({ id: 1 }), 1],
      ['add with a generated key', nothing, (db) => db.table('tasks').add({ a: 1 }), 1],
      ['bulkAdd of 200', nothing, (db) => posts(db).bulkAdd(rows(200)), 1],
      ['bulkAdd of 201', nothing, (db) => posts(db).bulkAdd(rows(201)), 2],
      ['bulkAdd of 1000', nothing, (db) => posts(db).bulkAdd(rows(1000)), 5],
      ['update', filled(1), (db) => posts(db).update(1, { title: 'x' }), 1],
      ['update of nothing', filled(1), (db) => posts(db).update(9, { title: 'x' }), 0],
      ['update to the same', filled(1), (db) => posts(db).update(1, { title: 't0' }), 0],
      [
        'modify of 150 by function',
        filled(150),
        (db) =>
          posts(db)
            .toCollection()
            .modify((p) => {
              p.title = 'x'
            }),
        1,
      ],
      ['modify of 450 in 3 chunks', filled(450), (db) => posts(db).toCollection().modify({ title: 'x' }), 3],
      ['upsert of an old row', filled(1), (db) => posts(db).upsert(1, { title: 'x' }), 1],
      ['upsert of a new row', nothing, (db) => posts(db).upsert(1, { title: 'x' }), 1],
      [
        'bulkUpdate',
        filled(9),
        (db) => posts(db).bulkUpdate(rows(9).map(({ id }) => ({ key: id, changes: { title: 'x' } }))),
        1,
      ],
      ['put', filled(1), (db) => posts(db).put({ id: 1 }), 2],
      ['bulkPut of 7', filled(3), (db) => posts(db).bulkPut(rows(7, 1)), 8],
      ['delete', filled(1), (db) => posts(db).delete(1), 2],
      ['delete of nothing', nothing, (db) => posts(db).delete(1), 1],
      ['bulkDelete of 5', filled(5), (db) => posts(db).bulkDelete([1, 2, 3, 4, 5]), 6],
      ['clear', filled(5), (db) => posts(db).clear(), 2],
      ['clear of 250', filled(250), (db) => posts(db).clear(), 3],
      ['range delete', filled(5), (db) => posts(db).where('id').above(2).delete(), 2],
      [
        'clear of a table with outside keys',
        (db) => db.table('notes').add({ a: 1 }, 'k'),
        (db) => db.table('notes').clear(),
        3,
      ],
      ['reads', filled(5), (db) => posts(db).bulkGet([1, 2]), 0],
      [
        'an update whose row another write touched meanwhile',
        filled(1),
        (db) =>
          db.transaction('rw', 'posts', () =>
            Promise.all([posts(db).upsert(1, { title: 'x' }), posts(db).put({ id: 1, title: 'y' })]),
          ),
        2 + 2,
      ],
    ]
  it.each(cases)('%s', async (_, prepare, work, requests) => {
    expect(await extra(prepare, work)).toEqual({ requests, transactions: 0 })
  })
})
