import Dexie from 'dexie'
import { describe, expect, it } from 'vitest'
import type { Health, SyncConfig, SyncEngine } from '../../src/index'
import { createSync } from '../../src/sync'
import { secondTab } from '../hostile/second-tab'
import { createBackend, goodSemantics } from '../support/backend'
import { blogRoutes, type Journey, journey, status } from '../support/journey'

const minutes = 60_000
const hours = 60 * minutes

type Thresholds = NonNullable<NonNullable<SyncConfig['observability']>['health']>

function calm(health: Thresholds = {}, more: Partial<SyncConfig> = {}): { config: Partial<SyncConfig> } {
  return { config: { sync: { interval: 0 }, observability: { health }, ...more } }
}

async function codes({ until }: Pick<Journey, 'until'>, sync: SyncEngine): Promise<string[]> {
  return (await until(sync.healthCheck())).issues.map(({ code, table }) =>
    table ? `${code} ${table}` : code,
  )
}

describe('healthCheck', () => {
  it('finds nothing wrong with an app that is in sync, in every tab', async () => {
    const here = await journey(calm())
    await here.settled()
    const { sync } = await secondTab(here, calm().config)
    const healthy: Health = { status: 'healthy', issues: [], checkedAt: here.device.now() }
    expect(await here.until(here.sync.healthCheck())).toEqual(healthy)
    expect(await here.until(sync.healthCheck())).toEqual(healthy)
  })

  it('says that rows were never fetched, and how long the server was not reached', async () => {
    const here = await journey({ ...calm({ offline: 5 * minutes, queueAge: 10 * minutes }), online: false })
    await here.db.posts.add({ title: 'waits' })
    expect(await codes(here, here.sync)).toEqual(['never-synced'])
    const since = here.device.now()
    await here.device.advance(11 * minutes)
    const { status, issues } = await here.until(here.sync.healthCheck())
    expect(status).toBe('degraded')
    expect(issues.map(({ code }) => code)).toEqual(['offline-long', 'queue-old', 'never-synced'])
    expect(issues[1]?.since).toBeLessThanOrEqual(since)
    here.setOnline(true)
    await here.synced()
    expect(await codes(here, here.sync)).toEqual([])
  })

  it('says that the server fails, from any tab', async () => {
    const here = await journey(calm({ serverFailing: 2 * minutes }))
    await here.settled()
    const { sync } = await secondTab(here, calm({ serverFailing: 2 * minutes }).config)
    here.backend.respondNext(1_000, { status: 503 })
    await here.db.posts.add({ title: 'waits' })
    await here.device.advance(10 * minutes)
    expect(await codes(here, here.sync)).toEqual(['server-failing'])
    expect(await here.until(sync.healthCheck())).toMatchObject({ status: 'unhealthy' })
  })

  it('counts what waits for a person, and holds no row', async () => {
    const semantics = goodSemantics({ validate: (row) => (row.title === 'secret' ? 'refused' : undefined) })
    const here = await journey({ ...calm(), backend: createBackend({ semantics }) })
    await here.settled()
    await here.db.posts.bulkAdd([{ title: 'secret' }, { title: 'secret' }])
    await here.settled()
    const health = await here.until(here.sync.healthCheck())
    expect(health).toMatchObject({ status: 'degraded', issues: [{ code: 'dead-letters', count: 2 }] })
    expect(health.issues[0]?.fix).toContain('deadLetters.list()')
    expect(JSON.stringify(health)).not.toContain('secret')
    const tolerant = await here.reload(calm({ deadLetters: 2 }).config)
    await tolerant.settled()
    expect(await codes(tolerant, tolerant.sync)).toEqual([])
  })

  it('says what is set aside, and that sync is paused', async () => {
    const here = await journey(calm())
    await here.settled()
    const updated_at = '2030-01-01T00:00:00.000Z'
    const data = [
      { text: 'no key', updated_at },
      { id: 'n', text: 'good', updated_at },
    ]
    here.backend.respondNext(1, { status: 200, body: { data } }, { method: 'GET', path: '/api/notes' })
    await here.synced()
    await here.until(here.sync.pauseTable('posts'))
    expect(await codes(here, here.sync)).toEqual(['quarantined-rows', 'paused posts'])
    await here.until(here.sync.pause())
    expect(await codes(here, here.sync)).toEqual(['quarantined-rows', 'paused', 'paused posts'])
  })

  it('says that rows are old, and that the storage is nearly full', async () => {
    const staleness = { tables: { notes: 10 * minutes }, staleWhileRevalidate: false }
    const here = await journey(calm({}, { staleness }))
    await here.settled()
    await here.device.advance(10 * minutes)
    here.tab.storage = { usage: 95, quota: 100 }
    expect(await codes(here, here.sync)).toEqual(['stale notes', 'storage-low'])
    here.tab.storage = undefined
    expect(await codes(here, here.sync)).toEqual(['stale notes'])
  })

  it('says that a login is missing', async () => {
    const here = await journey(calm({}, { auth: { getHeaders: () => null } }))
    await here.until(status(here.sync, ({ state }) => state === 'auth-required'))
    const health = await here.until(here.sync.healthCheck())
    expect(health).toMatchObject({
      status: 'unhealthy',
      issues: [{ code: 'auth-required' }, { code: 'never-synced' }],
    })
  })

  it('answers in a tab that is stopped: nobody syncs any more', async () => {
    const here = await journey(calm())
    await here.settled()
    await here.until(here.sync.stop())
    expect(await codes(here, here.sync)).toEqual([])
    await here.device.advance(2 * minutes)
    const health = await here.until(here.sync.healthCheck())
    expect(health).toMatchObject({ status: 'degraded', issues: [{ code: 'no-leader', severity: 'warning' }] })
  })

  it('answers where the database is closed or gone, and never rejects', async () => {
    const here = await journey(calm())
    await here.settled()
    here.db.close()
    const health = await here.until(here.sync.healthCheck())
    expect(health).toMatchObject({ status: 'unhealthy', issues: [{ code: 'storage-failed' }] })
  })

  it('goes by thresholds that make sense, or says so', async () => {
    await expect(journey(calm({ storageUsed: 90 }))).rejects.toMatchObject({ code: 'bad-config' })
    await expect(journey(calm({ queueDepth: -1 }))).rejects.toMatchObject({ code: 'bad-config' })
    const here = await journey(calm({ queueDepth: 2, queueAge: hours }))
    await here.settled()
    here.setOnline(false)
    await here.db.posts.bulkAdd([{ title: 'a' }, { title: 'b' }, { title: 'c' }])
    expect(await codes(here, here.sync)).toEqual(['queue-long'])
  })
})

describe('where there is no IndexedDB', () => {
  it('an engine answers all the same', async () => {
    const { device, tab } = await journey(calm())
    const db = new Dexie('on a server', { indexedDB: undefined as unknown as IDBFactory })
    db.version(1).stores({ posts: 'id' })
    const sync = createSync(db, { baseUrl: 'https://api.example.test', routes: blogRoutes }, tab)
    expect(await sync.healthCheck()).toMatchObject({
      status: 'unhealthy',
      issues: [{ code: 'unavailable' }],
      checkedAt: device.now(),
    })
    expect(await sync.getMetrics()).toMatchObject({
      queue: { depth: 0 },
      sync: { syncs: 0 },
      data: { rows: {} },
    })
    expect(sync.isStale()).toBe(false)
  })
})
