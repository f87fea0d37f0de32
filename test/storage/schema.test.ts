import Dexie, { liveQuery } from 'dexie'
import { describe, expect, it } from 'vitest'
import { extendSchema, installOnDatabase } from '../../src/storage/schema'
import { syncTables } from '../../src/storage/tables'
import { type CapturedDb, captureOn, freshName } from '../capture/support'

const stores = { posts: 'id, title', tags: '++id' }

function declared(name: string, version = 1): Dexie {
  const db = new Dexie(name)
  db.version(version).stores(stores)
  return db
}

/** A database as a release without sync left it on the device. */
async function deployed(name: string, version = 1): Promise<void> {
  const db = declared(name, version)
  await db.table('posts').bulkAdd([
    { id: 1, title: 'old' },
    { id: 2, title: 'older' },
  ])
  db.close()
}

/** Puts sync's parts in, whatever state the database is in; the capture is there once it has run. */
function install(db: Dexie, warn: (message: string) => void = unexpected): { capture: () => CapturedDb } {
  let captured: CapturedDb | undefined
  installOnDatabase(
    db,
    () => {
      captured = captureOn(db, { posts: 'client' })
    },
    warn,
  )
  return {
    capture: () => {
      if (!captured) throw new Error('not installed yet')
      return captured
    },
  }
}

function unexpected(message: string): never {
  throw new Error(`a warning nobody expected: ${message}`)
}

const nativeStores = (db: Dexie) => [...(db.backendDB()?.objectStoreNames ?? [])]
const ours = Object.keys(syncTables).sort()
const tableNames = (db: Dexie) => db.tables.map(({ name }) => name).sort()

describe('the sync tables', () => {
  it('come into a new database, and the app does not see them', async () => {
    const db = declared(freshName())
    const { capture } = install(db)
    await db.table('posts').add({ id: 1 })
    expect(nativeStores(db)).toEqual([...ours, 'posts', 'tags'])
    expect(tableNames(db)).toEqual(['posts', 'tags'])
    expect(Object.keys(db).filter((name) => name.startsWith('_sync'))).toEqual([])
    expect(db.verno).toBe(1)
    expect(await capture().changes()).toHaveLength(1)
  })

  it('are added once, however often that is asked', () => {
    const db = declared(freshName())
    extendSchema(db)
    extendSchema(db)
    expect(tableNames(db)).toEqual(['posts', 'tags'])
    const names = (db as unknown as { _storeNames: string[] })._storeNames
    expect(names.filter((name) => name === '_sync_log')).toHaveLength(1)
  })

  it('come into a database that is on the device already, with its rows, without a version of their own', async () => {
    const name = freshName()
    await deployed(name)
    const db = declared(name)
    const { capture } = install(db)
    await db.table('posts').update(1, { title: 'new' })
    expect(await db.table('posts').toArray()).toEqual([
      { id: 1, title: 'new' },
      { id: 2, title: 'older' },
    ])
    expect(await capture().changes()).toEqual([
      { kind: 'update', key: 1, set: { title: 'new' }, before: { id: 1, title: 'old' } },
    ])
    expect(db.verno).toBe(1)
  })

  it('are found again when the app is opened again, by old code and by new', async () => {
    const name = freshName()
    const first = declared(name)
    install(first)
    await first.table('posts').add({ id: 1 })
    first.close()
    const old = declared(name)
    expect(await old.table('posts').count()).toBe(1)
    old.close()
    const again = declared(name)
    const { capture } = install(again)
    await again.open()
    expect(await capture().log()).toHaveLength(1)
  })

  it('outlive a new version of the app with their rows, and its upgrade runs', async () => {
    const name = freshName()
    const first = declared(name)
    install(first)
    await first.table('posts').add({ id: 1 })
    first.close()
    const second = new Dexie(name)
    second.version(1).stores(stores)
    second
      .version(2)
      .stores({ ...stores, comments: '++id' })
      .upgrade((tx) => tx.table('posts').toCollection().modify({ upgraded: true }))
    const { capture } = install(second)
    expect(await second.table('posts').get(1)).toEqual({ id: 1, upgraded: true })
    expect(await capture().log()).toHaveLength(1)
    expect(tableNames(second)).toEqual(['comments', 'posts', 'tags'])
  })

  it('stay hidden and stay there when the app declares a version after sync came', async () => {
    const db = declared(freshName())
    const { capture } = install(db)
    db.version(2).stores({ comments: '++id' })
    await db.table('posts').add({ id: 1 })
    expect(tableNames(db)).toEqual(['comments', 'posts', 'tags'])
    expect(await capture().changes()).toHaveLength(1)
  })

  it('are made again when the app deletes its database', async () => {
    const db = declared(freshName())
    const { capture } = install(db)
    await db.table('posts').add({ id: 1 })
    await db.delete({ disableAutoOpen: false })
    await db.table('posts').add({ id: 2 })
    expect((await capture().changes()).map(({ key }) => key)).toEqual([2])
  })

  it('leave hooks, classes and table objects of the app as they are', async () => {
    class Post {
      declare title: string
    }
    const db = declared(freshName())
    const posts = db.table('posts')
    const property = (db as unknown as { posts: typeof posts }).posts
    posts.mapToClass(Post)
    posts.hook('creating', (_key, row) => {
      row.hooked = true
    })
    const { capture } = install(db)
    await property.add({ id: 1, title: 'a' })
    expect(await posts.get(1)).toBeInstanceOf(Post)
    expect((await capture().changes())[0]?.row).toEqual({ id: 1, title: 'a', hooked: true })
    expect(db.table('posts')).toBe(posts)
  })
})

describe('on a database that is open', () => {
  it('takes hold in one step: what runs finishes, what comes is captured', async () => {
    const db = declared(freshName())
    const posts = db.table('posts')
    await posts.add({ id: 1, title: 'before' })
    const running = db.transaction('rw', 'posts', async () => {
      await posts.put({ id: 2, title: 'running' })
      await posts.put({ id: 3, title: 'running still' })
    })
    await posts.count()
    const { capture } = install(db)
    const coming = posts.put({ id: 4, title: 'after' })
    await Promise.all([running, coming])
    expect((await capture().changes()).map(({ key }) => key)).toEqual([4])
    expect(await posts.count()).toBe(4)
  })

  it('keeps the live queries of the app going', async () => {
    const db = declared(freshName())
    const shown: number[] = []
    let heard = () => {}
    const until = (count: number) =>
      new Promise<void>((done) => {
        heard = () => shown.at(-1) === count && done()
        heard()
      })
    const subscription = liveQuery(() => db.table('posts').count()).subscribe((count) => {
      shown.push(count)
      heard()
    })
    await until(0)
    install(db)
    await db.table('posts').add({ id: 1 })
    await until(1)
    subscription.unsubscribe()
    expect(shown[0]).toBe(0)
  })

  it('waits for one that is just opening and runs its ready handlers', async () => {
    const db = declared(freshName())
    const installed = new Promise<ReturnType<typeof install>>((resolve) => {
      db.on('ready', () => resolve(install(db)))
    })
    const closed = new Promise<void>((done) => db.on('close', () => done()))
    await db.open()
    const { capture } = await installed
    await closed
    await db.table('posts').add({ id: 1 })
    expect(await capture().changes()).toHaveLength(1)
  })

  it('takes the tables of a database without declared versions as they are', async () => {
    const name = freshName()
    await deployed(name)
    const db = new Dexie(name)
    await db.open()
    const { capture } = install(db)
    await db.table('posts').put({ id: 1, title: 'new' })
    expect((await capture().changes()).map(({ kind }) => kind)).toEqual(['update'])
    expect(tableNames(db)).toEqual(['posts', 'tags'])
    expect(await db.table('posts').where('title').equals('older').count()).toBe(1)
    db.close()
    const again = new Dexie(name)
    await again.open()
    const later = install(again)
    expect(await later.capture().log()).toHaveLength(1)
    expect(tableNames(again)).toEqual(['posts', 'tags'])
  })
})

describe('what cannot be done well is said', () => {
  it('a database without declared versions must be open', () => {
    expect(() => extendSchema(new Dexie(freshName()))).toThrow(/declares no version/)
  })

  it('versions that are no whole numbers', () => {
    const warnings: string[] = []
    install(declared(freshName(), 1.1), (message) => warnings.push(message))
    expect(warnings).toEqual([expect.stringContaining('db.version(1.1)')])
  })
})
