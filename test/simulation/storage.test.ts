import { Dexie } from 'dexie'
import { IDBKeyRange } from 'fake-indexeddb'
import { describe, expect, it } from 'vitest'
import { prng } from './prng'
import { Scheduler } from './scheduler'
import { type Committed, DeviceStorage } from './storage'

let databases = 0

/** One device with two tabs over one database, and everything that commits on it. */
function deviceWith() {
  const name = `storage-test-${++databases}`
  const scheduler = new Scheduler(prng(1, 'schedule'), 0)
  const commits: Committed[] = []
  const device = new DeviceStorage(name, (commit) => commits.push(commit))
  const tab = (tabName: string) => {
    const storage = device.facade(tabName)
    const db = new Dexie(name, { indexedDB: storage.indexedDB, IDBKeyRange, cache: 'disabled' })
    db.version(1).stores({ rows: 'id', others: 'id', _sync_log: 'id' })
    return { storage, db }
  }
  /** Runs work in a tab, at most so many steps. */
  async function run<T>(work: () => PromiseLike<T>, steps = 1_000): Promise<T | 'unfinished'> {
    const restore = scheduler.install()
    let outcome: T | 'unfinished' | Error = 'unfinished'
    scheduler.post('app', () => {
      work().then(
        (value) => {
          outcome = value
        },
        (error: Error) => {
          outcome = error
        },
      )
    })
    await scheduler.run(() => outcome !== 'unfinished', { steps, until: 1e6 })
    restore()
    if ((outcome as unknown) instanceof Error) throw outcome
    return outcome
  }
  return { device, commits, tab, run }
}

describe('the storage of a device', () => {
  it('tells what each committed transaction changed, and by which tab', async () => {
    const { commits, tab, run } = deviceWith()
    const [first, second] = [tab('t0'), tab('t1')]
    await run(() => first.db.table('rows').bulkPut([{ id: 1 }, { id: 2 }]))
    await run(() =>
      second.db.transaction('rw', 'rows', 'others', async () => {
        await second.db.table('rows').put({ id: 1, title: 'new' })
        await second.db.table('rows').delete(2)
        await second.db.table('others').add({ id: 1 })
      }),
    )
    await run(() => first.db.table('rows').toArray())
    expect(commits.at(-1)).toEqual({
      tab: 't1',
      stores: ['others', 'rows'],
      changes: [
        { store: 'others', key: 1, after: { id: 1 } },
        { store: 'rows', key: 1, before: { id: 1 }, after: { id: 1, title: 'new' } },
        { store: 'rows', key: 2, before: { id: 2 } },
      ],
    })
  })

  it('rolls back what a killed tab had not committed, at whatever step it died', async () => {
    let killedInside = 0
    for (let step = 1; step < 60; step++) {
      const { device, tab, run } = deviceWith()
      const { db, storage } = tab('t0')
      await run(() => db.open())
      const write = () =>
        db.transaction('rw', 'rows', 'others', async () => {
          await db.table('rows').add({ id: 1 })
          await db.table('others').add({ id: 1 })
        })
      const done = await run(write, step)
      if (storage.writing() > 0) killedInside++
      storage.kill()
      const other = tab('t1')
      const left = await run(async () => [
        await other.db.table('rows').count(),
        await other.db.table('others').count(),
      ])
      expect([
        [0, 0],
        [1, 1],
      ]).toContainEqual(left)
      if (done !== 'unfinished') {
        expect(left).toEqual([1, 1])
        expect(device.records('rows')).toHaveLength(1)
        break
      }
    }
    expect(killedInside).toBeGreaterThan(2)
  })

  it('is out of reach for a killed tab, and never answers it', async () => {
    const { device, tab, run } = deviceWith()
    const { db, storage } = tab('t0')
    await run(() => db.open())
    storage.kill()
    expect(
      await run(
        () =>
          db
            .table('rows')
            .add({ id: 1 })
            .catch(() => 'refused'),
        200,
      ),
    ).not.toBe(1)
    expect(device.records('rows')).toEqual([])
  })

  it('counts what is open of sync, until it has committed or is rolled back', async () => {
    const { tab, run } = deviceWith()
    const { db, storage } = tab('t0')
    await run(() => db.open())
    const write = () => db.table('_sync_log').bulkPut(Array.from({ length: 50 }, (_, id) => ({ id })))
    await run(write, 12)
    expect(storage.open()).toBe(1)
    storage.fill(['_sync_log'])
    expect(storage.open()).toBe(0)
    await run(write)
    expect(storage.open()).toBe(0)
  })
})
