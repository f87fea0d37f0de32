import { describe, expect, it } from 'vitest'
import { secondTab } from '../hostile/second-tab'
import { createBackend } from '../support/backend'
import { journey } from '../support/journey'

const code = (expected: string) => expect.objectContaining({ name: 'SyncError', code: expected })

/** Whether a promise is settled, to be asked later. */
function watched(promise: Promise<unknown>): { over: boolean } {
  const state = { over: false }
  const done = () => {
    state.over = true
  }
  promise.then(done, done)
  return state
}

describe('waiting until everything is in sync', () => {
  it('sends and fetches at once', async () => {
    const { db, sync, backend, until, settled } = await journey({ config: { sync: { interval: 0 } } })
    await settled()
    backend.insert('notes', { id: 'theirs', text: 'x' })
    await db.notes.add({ id: 'mine', text: 'x' })
    await until(sync.whenInSync())
    expect(backend.rows('notes')).toHaveLength(2)
    expect(await db.notes.count()).toBe(2)
  })

  it('waits while there is no connection, and asks the server for nothing meanwhile', async () => {
    const { db, sync, backend, device, until, settled, setOnline } = await journey()
    await settled()
    setOnline(false)
    await db.notes.add({ id: 'n', text: 'x' })
    const inSync = sync.whenInSync()
    const state = watched(inSync)
    await device.advance(120_000)
    expect(state.over).toBe(false)
    setOnline(true)
    await until(inSync)
    expect(backend.rows('notes')).toHaveLength(1)
  })

  it('waits through a pause', async () => {
    const { db, sync, backend, device, until, settled } = await journey()
    await settled()
    await until(sync.pause())
    await db.notes.add({ id: 'n', text: 'x' })
    const inSync = sync.whenInSync()
    const state = watched(inSync)
    const asked = backend.requests.length
    await device.advance(120_000)
    expect(state.over).toBe(false)
    expect(backend.requests.length).toBe(asked)
    await until(sync.resume())
    await until(inSync)
    expect(backend.rows('notes')).toHaveLength(1)
  })

  it('waits while a table is paused, whatever else is synced', async () => {
    const { sync, backend, db, device, until, settled } = await journey()
    await settled()
    await until(sync.pauseTable('notes'))
    backend.insert('notes', { id: 'theirs', text: 'x' })
    const inSync = sync.whenInSync()
    const state = watched(inSync)
    await until(sync.sync())
    await until(sync.syncTable('posts'))
    await device.advance(120_000)
    expect(state.over).toBe(false)
    await until(sync.resumeTable('notes'))
    await until(inSync)
    expect(await db.notes.count()).toBe(1)
  })

  it('waits for a login', async () => {
    let loggedIn = false
    const backend = createBackend({ guard: () => (loggedIn ? undefined : { status: 401 }) })
    const { sync, device, until } = await journey({ backend })
    const inSync = sync.whenInSync()
    const state = watched(inSync)
    await device.advance(120_000)
    expect(state.over).toBe(false)
    loggedIn = true
    await until(sync.sync())
    await until(inSync)
  })

  it('does not wait for what is held for a person', async () => {
    const { db, sync, backend, until } = await journey()
    backend.respondNext(1, { status: 422 }, { method: 'POST' })
    await db.notes.add({ id: 'n', text: 'bad' })
    await until(sync.whenInSync())
    expect(await sync.deadLetters.list()).toHaveLength(1)
  })

  it('rejects when this tab stops', async () => {
    const { sync, device, until, settled, setOnline } = await journey()
    await settled()
    setOnline(false)
    const inSync = sync.whenInSync().catch((error) => error)
    await device.settle()
    await until(sync.stop())
    expect(await inSync).toEqual(code('stopped'))
    expect(await sync.whenInSync().catch((error) => error)).toEqual(code('stopped'))
    device.expectNothingLeft()
  })

  it('in a follower goes on with the next leader', async () => {
    const first = await journey()
    await first.settled()
    const second = await secondTab(first)
    first.setOnline(false)
    await second.db.notes.add({ id: 'n', text: 'x' })
    const inSync = second.sync.whenInSync()
    const state = watched(inSync)
    await first.device.advance(10_000)
    first.tab.crash()
    await first.device.advance(60_000)
    expect(state.over).toBe(false)
    first.setOnline(true)
    await first.until(inSync)
    expect(first.backend.rows('notes')).toHaveLength(1)
  })
})

describe('waiting for the first sync', () => {
  it('ends when every table has been pulled to its end, in every tab', async () => {
    const backend = createBackend()
    for (let i = 0; i < 30; i++) backend.insert('notes', { id: `n${i}`, text: 'x' })
    backend.down()
    const first = await journey({ backend, config: { sync: { pull: { pageSize: 10 } } }, online: false })
    const second = await secondTab(first)
    const counts = Promise.all(
      [first, second].map(({ sync, db }) => sync.whenInitialSync().then(() => db.notes.count())),
    )
    const state = watched(counts)
    await first.device.advance(60_000)
    expect(state.over).toBe(false)
    first.setOnline(true)
    expect(await first.until(counts)).toEqual([30, 30])
  })

  it('is over at once where it once was, over a reload and in a new follower, without a connection', async () => {
    const start = await journey()
    await start.synced()
    const at = start.sync.getStatus().lastSyncedAt
    expect(at).toBeGreaterThan(0)
    start.setOnline(false)
    await start.device.advance(120_000)
    const again = await start.reload()
    await again.until(again.sync.whenInitialSync())
    const tab = await secondTab(again)
    await again.until(tab.sync.whenInitialSync())
    for (const { sync } of [again, tab])
      expect(sync.getStatus()).toMatchObject({ hasSynced: true, lastSyncedAt: at })
  })

  it('rejects when this tab stops', async () => {
    const { sync, device, until } = await journey({ online: false })
    const synced = sync.whenInitialSync().catch((error) => error)
    await device.settle()
    await until(sync.stop())
    expect(await synced).toEqual(code('stopped'))
    device.expectNothingLeft()
  })
})
