import type Dexie from 'dexie'
import { forceCloseDatabase } from 'fake-indexeddb'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { secondTab } from '../hostile/second-tab'
import { Blog } from '../support/blog'
import { nothingOpen } from '../support/fake-environment'
import { expectSameRows, type Journey, journey, status } from '../support/journey'

const hour = 3_600_000

/** The native connection dies, as it does when the storage process of the browser crashes. */
function loseConnection(db: Dexie): void {
  forceCloseDatabase(db.backendDB() as never)
}

/** No door of the database can be opened until the answered function is called. */
function lockOut(name = 'UnknownError'): () => void {
  const spy = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('Connection to Indexed Database server lost', name)
  })
  onTestFinished(() => spy.mockRestore())
  return () => spy.mockRestore()
}

/** Connections whose transactions all fail once the answered function was called; those opened later work. */
function mortalConnections(): () => void {
  const known = new Set<IDBDatabase>()
  const dead = new Set<IDBDatabase>()
  const begin = IDBDatabase.prototype.transaction
  const spy = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
    this: IDBDatabase,
    ...how
  ) {
    known.add(this)
    if (dead.has(this)) throw new DOMException('Connection to Indexed Database server lost', 'UnknownError')
    return begin.apply(this, how)
  })
  onTestFinished(() => spy.mockRestore())
  return () => {
    for (const connection of known) dead.add(connection)
  }
}

async function existsOnDisk({ name }: Dexie): Promise<boolean> {
  return (await indexedDB.databases()).some((known) => known.name === name)
}

function stands({ sync, until }: Journey, state: string): Promise<void> {
  return until(status(sync, (now) => now.state === state))
}

describe('a database the app closes', () => {
  it('is not opened by us, however long it stays closed, and nothing of ours runs meanwhile', async () => {
    const here = await journey()
    const { db, device, tab, sync, settled } = here
    await settled()
    db.close()
    await device.settle()
    expect(sync.getStatus().state).toBe('closed')
    await device.advance(hour)
    expect(db.isOpen()).toBe(false)
    expect({ ...tab.open(), listeners: 0 }).toEqual(nothingOpen)
    expect(tab.reports).toEqual([])
  })

  it('goes on where it was when the app opens it again', async () => {
    const here = await journey()
    const { db, backend, device, settled } = here
    await settled()
    db.close()
    backend.insert('notes', { id: 'elsewhere', text: 'meanwhile' })
    await device.advance(hour)
    await db.open()
    await db.notes.add({ id: 'here', text: 'after' })
    await stands(here, 'idle')
    await settled()
    expect(backend.rows('notes').map(({ id }) => id)).toEqual(expect.arrayContaining(['elsewhere', 'here']))
    await expectSameRows(db, backend)
  })

  it('is opened by start()', async () => {
    const here = await journey()
    const { db, sync, until, device, settled, backend } = here
    await settled()
    db.close()
    await device.advance(10_000)
    await until(sync.start())
    expect(db.isOpen()).toBe(true)
    await db.notes.add({ id: 'n', text: 'after' })
    await settled()
    await expectSameRows(db, backend)
  })

  it.each(['while a page is fetched', 'while a change is sent'])(
    'closed %s is left closed, and loses and doubles nothing',
    async (moment) => {
      const here = await journey()
      const { db, backend, device, tab, sync, settled, until } = here
      await settled()
      const held = backend.holdNext({ method: moment === 'while a page is fetched' ? 'GET' : 'POST' })
      if (moment === 'while a page is fetched') void sync.pull().catch(() => undefined)
      else await db.posts.add({ title: 'on its way' })
      await until(held.arrived)
      db.close()
      await device.advance(hour)
      held.release()
      await device.settle()
      expect(db.isOpen()).toBe(false)
      expect({ ...tab.open(), listeners: 0 }).toEqual(nothingOpen)
      await db.open()
      await stands(here, 'idle')
      await settled()
      expect(backend.rows('posts')).toHaveLength(moment === 'while a page is fetched' ? 0 : 1)
      await expectSameRows(db, backend)
    },
  )

  it('refuses calls that need it with a code that says so', async () => {
    const { db, sync, device, until, settled } = await journey()
    await settled()
    const asked = sync.sync()
    db.close()
    await expect(until(asked)).rejects.toMatchObject({ code: 'database-closed' })
    await device.advance(10_000)
    await expect(sync.sync()).rejects.toMatchObject({ code: 'database-closed' })
  })

  it('can be stopped while it is closed, and stays stopped when it is opened', async () => {
    const { db, sync, device, until, tab, settled } = await journey()
    await settled()
    db.close()
    await until(sync.stop())
    expect(sync.getStatus().state).toBe('stopped')
    device.expectNothingLeft()
    await db.open()
    await device.advance(hour)
    expect(sync.getStatus().state).toBe('stopped')
    expect(tab.open()).toEqual(nothingOpen)
  })

  it('and opens again in one step is worked with all the time', async () => {
    const here = await journey()
    const { db, backend, settled } = here
    await settled()
    db.close({ disableAutoOpen: false })
    void db.open()
    await db.notes.add({ id: 'n', text: 'between' })
    await stands(here, 'idle')
    await settled()
    await expectSameRows(db, backend)
  })
})

describe('a database that is deleted while it is synced', () => {
  it.each(['in the tab that syncs it', 'in another tab'])('%s is gone, and not made again', async (place) => {
    const here = await journey()
    const { db, device, tab, sync, settled, until } = here
    await settled()
    await db.posts.add({ title: 'waiting' })
    await until(Promise.resolve(place === 'in another tab' ? new Blog(db.name).delete() : db.delete()))
    expect(sync.getStatus().state).toBe('closed')
    await device.advance(hour)
    expect(await existsOnDisk(db)).toBe(false)
    expect({ ...tab.open(), listeners: 0 }).toEqual(nothingOpen)
    expect(tab.reports).toEqual([])
  })

  it('and made again is captured, filled anew, and synced', async () => {
    const here = await journey()
    const { db, backend, device, settled, until } = here
    backend.insert('notes', { id: 'server', text: 'there' })
    await settled()
    await db.notes.add({ id: 'mine', text: 'sent before' })
    await settled()
    await until(Promise.resolve(db.delete()))
    await device.advance(hour)
    await db.open()
    await db.notes.add({ id: 'new', text: 'made after' })
    await stands(here, 'idle')
    await settled()
    expect((await db.notes.toArray()).map(({ id }) => id).sort()).toEqual(['mine', 'new', 'server'])
    await expectSameRows(db, backend)
    expect(here.sync.getStatus()).toMatchObject({ pending: 0, conflicts: 0, deadLetters: 0 })
  })
})

describe('a newer version of the app in another tab', () => {
  it('gets the database at once, and the old tab goes on when its app uses it', async () => {
    const here = await journey()
    const { db, device, sync, backend, settled, until } = here
    await settled()
    const newer = new Blog(db.name)
    newer.version(2).stores({ posts: '++id, title, updated_at, text' })
    await until(Promise.resolve(newer.open()))
    expect(sync.getStatus().state).toBe('closed')
    newer.close()
    await db.notes.add({ id: 'n', text: 'by the old tab' })
    await stands(here, 'idle')
    await settled()
    await device.settle()
    expect(backend.rows('notes')).toHaveLength(1)
  })
})

describe('a connection to the database that is lost', () => {
  it('is made again after a moment, under a new term, and told', async () => {
    const here = await journey()
    const { db, backend, sync, settled } = here
    await settled()
    const troubles: string[] = []
    sync.on('storage-error', ({ reason }) => troubles.push(reason.code))
    let term = 0
    sync.on('leader-change', ({ epoch }) => {
      term = epoch
    })
    loseConnection(db)
    await here.device.settle()
    expect(sync.getStatus()).toMatchObject({ state: 'storage-failed', error: { code: 'storage-failed' } })
    await stands(here, 'idle')
    expect(troubles).toEqual(['storage-failed'])
    expect(term).toBe(2)
    await db.notes.add({ id: 'n', text: 'after' })
    await settled()
    await expectSameRows(db, backend)
    expect(sync.getStatus().error).toBeUndefined()
  })

  it('is tried a few times, further and further apart, and then no more until start()', async () => {
    const here = await journey()
    const { db, device, tab, sync, until, settled } = here
    await settled()
    const tries: number[] = []
    const letIn = lockOut()
    vi.mocked(indexedDB.open).mockImplementation(() => {
      tries.push(device.now())
      throw new DOMException('Connection to Indexed Database server lost', 'UnknownError')
    })
    loseConnection(db)
    await device.advance(hour)
    const moments = [...new Set(tries)]
    const gaps = moments.slice(1).map((at, i) => at - moments[i]!)
    expect(moments.length).toBeGreaterThan(3)
    expect(moments.length).toBeLessThan(10)
    expect(gaps.every((gap, i) => i === 0 || gap > gaps[i - 1]!)).toBe(true)
    expect({ ...tab.open(), listeners: 0 }).toEqual(nothingOpen)
    expect(sync.getStatus().state).toBe('storage-failed')
    await expect(until(sync.start())).rejects.toMatchObject({ code: 'storage-failed' })
    letIn()
    await until(sync.start())
    await stands(here, 'idle')
  })

  it('takes the lead along: another tab whose connection holds goes on', async () => {
    const here = await journey()
    const { db, backend, device, settled } = here
    await settled()
    const other = await secondTab(here)
    loseConnection(db)
    await device.settle()
    await other.db.notes.add({ id: 'n', text: 'by the other' })
    await here.until(status(other.sync, ({ leader, pending }) => leader && pending === 0))
    expect(backend.rows('notes')).toHaveLength(1)
  })

  it('and made again by Dexie, before anybody was told of its end, stays made', async () => {
    const { db, backend, device, until, settled } = await journey()
    await settled()
    const lost = db.backendDB()
    lost.close() // transactions begin no more, and Dexie opens the next connection
    await until(db.notes.add({ id: 'n', text: 'met the end' }))
    expect(db.backendDB()).not.toBe(lost)
    lost.onclose?.(new Event('close'))
    backend.insert('notes', { id: 'm', text: 'theirs' })
    await device.advance(hour)
    expect(await db.notes.count()).toBe(2)
    await expectSameRows(db, backend)
  })

  it('in the middle of work of our own is told once, by the status, and is no error for `onError`', async () => {
    const die = mortalConnections()
    const errors: unknown[] = []
    const here = await journey({ config: { errors: { onError: (error) => void errors.push(error) } } })
    const { sync, device, settled } = here
    await settled()
    const troubles: string[] = []
    sync.on('storage-error', ({ reason }) => troubles.push(reason.code))
    die()
    await device.advance(hour)
    await stands(here, 'idle')
    expect(troubles).toEqual(['storage-failed'])
    expect(errors).toEqual([])
  })

  it('without a word, as Safari does, is made again when transactions fail', async () => {
    const die = mortalConnections()
    const here = await journey()
    const { db, sync, device, backend, settled } = here
    await settled()
    die()
    const asked = sync.sync().catch(() => undefined)
    await device.settle()
    await here.until(status(sync, ({ state }) => state === 'storage-failed'))
    await here.until(asked)
    await stands(here, 'idle')
    await db.notes.add({ id: 'n', text: 'after' })
    await settled()
    await expectSameRows(db, backend)
  })
})

describe('a database that cannot be opened', () => {
  it('because another connection holds it says so, and goes on when it is free', async () => {
    const name = `blocked-${Math.random()}`
    const holder = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name, 5)
      request.onsuccess = () => resolve(request.result)
    })
    const here = await journey({ name, start: false })
    const { sync, device, until } = here
    const troubles: string[] = []
    sync.on('storage-error', ({ reason }) => troubles.push(reason.code))
    const started = sync.start()
    await device.advance(10_000)
    expect(troubles).toEqual(['database-blocked'])
    expect(sync.getStatus()).toMatchObject({ state: 'starting', error: { code: 'database-blocked' } })
    holder.close()
    await until(started)
    await stands(here, 'idle')
    expect(sync.getStatus().error).toBeUndefined()
  })

  it('because another connection holds it can be stopped meanwhile', async () => {
    const name = `blocked-${Math.random()}`
    const holder = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name, 5)
      request.onsuccess = () => resolve(request.result)
    })
    const { sync, device, until, tab } = await journey({ name, start: false })
    const started = sync.start()
    await device.advance(10_000)
    await until(sync.stop())
    expect(tab.open()).toEqual(nothingOpen)
    await until(started)
    holder.close()
    await device.advance(hour)
    expect(tab.open()).toEqual(nothingOpen)
    expect(sync.getStatus().state).toBe('stopped')
  })

  it.each(['SecurityError', 'InvalidStateError'])(
    'for %s is said by start(), and not tried in vain',
    async (name) => {
      const here = await journey({ start: false })
      const { sync, device, until, tab } = here
      const letIn = lockOut(name)
      await expect(until(sync.start())).rejects.toMatchObject({ name: 'SyncError', code: 'storage-failed' })
      const { calls } = vi.mocked(indexedDB.open).mock
      const tried = calls.length
      await device.advance(hour)
      expect(calls).toHaveLength(tried)
      expect({ ...tab.open(), listeners: 0 }).toEqual(nothingOpen)
      letIn()
      await until(sync.start())
      await stands(here, 'idle')
    },
  )

  it('goes on by itself when the app opens it after all', async () => {
    const here = await journey({ start: false })
    const { sync, db, until } = here
    const letIn = lockOut('SecurityError')
    await expect(until(sync.start())).rejects.toMatchObject({ code: 'storage-failed' })
    letIn()
    await db.open()
    await stands(here, 'idle')
  })
})
