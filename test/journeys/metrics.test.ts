import { describe, expect, it } from 'vitest'
import type { SyncConfig, SyncEngine, SyncMetrics } from '../../src/index'
import { secondTab } from '../hostile/second-tab'
import { createBackend, goodSemantics } from '../support/backend'
import { type Journey, journey } from '../support/journey'

const seconds = 1_000
const minutes = 60 * seconds

function watching(observability: NonNullable<SyncConfig['observability']> = {}) {
  return { config: { sync: { interval: 0 }, observability } satisfies Partial<SyncConfig> }
}

function metricsLog(sync: SyncEngine): SyncMetrics[] {
  const log: SyncMetrics[] = []
  sync.on('metrics', (metrics) => log.push(metrics))
  return log
}

const strict = () =>
  createBackend({
    semantics: goodSemantics({ validate: (row) => (row.title === '' ? 'no title' : undefined) }),
  })

describe('the metrics', () => {
  it('tell of queue, cycles, errors, network and rows', async () => {
    const backend = strict()
    backend.insert('notes', { id: 'n', text: 'from the server' })
    const { db, sync, tab, device, settled, synced, setOnline, until } = await journey({
      ...watching(),
      backend,
    })
    const begun = device.now()
    await settled()
    await db.posts.bulkAdd([{ title: 'good' }, { title: '' }])
    await synced()
    setOnline(false)
    await db.posts.bulkAdd([{ title: 'later' }, { title: 'last' }])
    await device.advance(2 * minutes)
    const metrics = await until(sync.getMetrics())
    expect(metrics.since).toBeLessThanOrEqual(begun)
    expect(metrics.at).toBe(device.now())
    expect(metrics.queue).toMatchObject({ depth: 2, oldestAge: 2 * minutes })
    expect(metrics.sync).toMatchObject({ pushed: 1, pulled: expect.any(Number), conflicts: 0 })
    expect(metrics.sync.syncs).toBeGreaterThanOrEqual(2)
    expect(metrics.sync.pushes).toBeGreaterThanOrEqual(metrics.sync.syncs)
    expect(metrics.sync.lastEnd! - metrics.sync.lastStart!).toBe(metrics.sync.lastDuration)
    expect(metrics.errors).toMatchObject({
      byCode: { rejected: 1 },
      byType: { validation: 1 },
      deadLetters: 1,
      deadLettersByCode: { rejected: 1 },
    })
    const up = backend.requests.reduce((sum, { text }) => sum + text.length, 0)
    expect(metrics.network).toMatchObject({ requests: backend.requests.length, bytesUp: up })
    expect(metrics.network.bytesDown).toBeGreaterThan(0)
    expect(metrics.data).toEqual({
      rows: { posts: 4, notes: 1 },
      quarantined: 0,
      parked: 0,
      storageUsed: 1_000,
      storageQuota: 1_000_000,
    })
    tab.storage = undefined
    expect((await until(sync.getMetrics())).data).not.toHaveProperty('storageUsed')
    setOnline(true)
    await settled()
  })

  it('hold no row, no key and no token', async () => {
    const backend = strict()
    const secret = { Authorization: 'Bearer secret-token' }
    const { db, sync, settled, until } = await journey({
      backend,
      config: { sync: { interval: 0 }, auth: { getHeaders: () => secret } },
    })
    await db.notes.add({ id: 'secret-key', text: 'secret-text' })
    await db.posts.add({ title: '' })
    await settled()
    expect(JSON.stringify(await until(sync.getMetrics()))).not.toContain('secret')
  })

  it('are the same in every tab, also of one that has just been opened', async () => {
    const first = await journey(watching())
    await first.settled()
    await first.db.posts.add({ title: 'a' })
    await first.settled()
    const second = await secondTab(first, watching().config)
    await first.device.settle()
    const both = async () => Promise.all([first.sync, second.sync].map((sync) => sync.getMetrics()))
    let [here, there] = await first.until(both())
    expect(here?.network.requests).toBe(first.backend.requests.length)
    expect(there).toEqual(here)
    await second.db.posts.add({ title: 'b' })
    await first.synced()
    ;[here, there] = await first.until(both())
    expect(here?.sync.pushed).toBe(2)
    expect(there).toEqual(here)
  })

  it('go on when the leader is gone, and begin anew with the first tab', async () => {
    const first = await journey(watching())
    const since = (await first.sync.getMetrics()).since
    await first.db.posts.add({ title: 'a' })
    await first.settled()
    const second = await secondTab(first, watching().config)
    await first.device.settle()
    await first.until(first.sync.stop())
    await first.device.advance(20 * seconds)
    await second.db.posts.add({ title: 'b' })
    await first.until(second.sync.sync())
    expect(await first.until(second.sync.getMetrics())).toMatchObject({ since, sync: { pushed: 2 } })
    await first.until(second.sync.stop())
    const later = await first.reload()
    expect((await later.sync.getMetrics()).since).toBeGreaterThan(since)
  })

  it('answer after stop, too', async () => {
    const { sync, db, until, settled } = await journey(watching())
    await settled()
    await until(sync.stop())
    await db.posts.add({ title: 'captured' })
    expect((await until(sync.getMetrics())).queue.depth).toBe(1)
  })
})

describe('told at an interval', () => {
  it('the event in every tab that listens, the callback in the one that leads', async () => {
    const called: string[] = []
    const config = (name: string) =>
      watching({ metricsInterval: 10 * seconds, onMetrics: () => called.push(name) }).config
    const first = await journey({ config: config('first') })
    await first.settled()
    const second = await secondTab(first, config('second'))
    const heard = metricsLog(second.sync)
    await first.device.advance(35 * seconds)
    expect(called).toEqual(['first', 'first', 'first'])
    expect(heard).toHaveLength(3)
    expect(heard[2]!.at - heard[1]!.at).toBeGreaterThanOrEqual(10 * seconds)
  })

  it('every 30 seconds by default, from when somebody listens until nobody does', async () => {
    const { sync, device, tab, settled, until } = await journey(watching())
    await settled()
    const { timers } = tab.open()
    const heard: SyncMetrics[] = []
    const stop = sync.on('metrics', (metrics) => heard.push(metrics))
    expect(tab.open().timers).toBe(timers + 1)
    await device.advance(61 * seconds)
    expect(heard).toHaveLength(2)
    stop()
    await device.advance(2 * minutes)
    expect(tab.open().timers).toBe(timers)
    expect(heard).toHaveLength(2)
    sync.once('metrics', (metrics) => heard.push(metrics))
    await device.advance(2 * minutes)
    expect(heard).toHaveLength(3)
    metricsLog(sync)
    await until(sync.stop())
    device.expectNothingLeft()
  })

  it('not at all where the app asks for nothing, or switches it off', async () => {
    const called: unknown[] = []
    const quiet = await journey(watching({ enabled: false, onMetrics: (metrics) => called.push(metrics) }))
    await quiet.settled()
    const heard = metricsLog(quiet.sync)
    await quiet.device.advance(5 * minutes)
    expect([called, heard]).toEqual([[], []])
    expect(await quiet.until(quiet.sync.getMetrics())).toMatchObject({
      sync: { syncs: 0 },
      network: { requests: 0 },
    })
  })

  it('to a callback that throws or rejects, which harms nobody', async () => {
    const errors: string[] = []
    let hostile: () => unknown = () => {
      throw new Error('thrown')
    }
    const { db, sync, device, settled } = await journey({
      config: {
        errors: { onError: (error) => errors.push(String(error)) },
        observability: { metricsInterval: 10 * seconds, onMetrics: () => hostile() },
      },
    })
    await settled()
    await device.advance(10 * seconds)
    hostile = () => Promise.reject(new Error('rejected'))
    await device.advance(10 * seconds)
    hostile = () => new Promise(() => {})
    await device.advance(20 * seconds)
    expect(errors).toEqual(['Error: thrown', 'Error: rejected'])
    await db.posts.add({ title: 'goes on' })
    await settled()
    expect(sync.getStatus()).toMatchObject({ pending: 0, state: 'idle' })
  })
})

describe('marks on the timeline', () => {
  const names = ({ tab }: Journey) => [...new Set(tab.timeline)].sort()

  it('show pushes, settles, pulls and cycles, where the app asks for them', async () => {
    const here = await journey(watching({ marks: true }))
    await here.db.posts.add({ title: 'a' })
    await here.synced()
    const all = ['pull:notes', 'pull:posts', 'push', 'settle', 'sync'].map(
      (name) => `dexie-rest-sync:${name}`,
    )
    expect(names(here)).toEqual([...all.map((name) => `+${name}:start`), ...all].sort())
  })

  it('are none otherwise', async () => {
    const here = await journey(watching())
    await here.db.posts.add({ title: 'a' })
    await here.synced()
    expect(names(here)).toEqual([])
  })
})
