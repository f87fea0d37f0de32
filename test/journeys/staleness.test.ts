import { describe, expect, it } from 'vitest'
import type { SyncConfig, SyncEngine } from '../../src/index'
import { secondTab } from '../hostile/second-tab'
import { journey } from '../support/journey'

const minute = 60_000
/** How long rows stay fresh in these stories. */
const life = 10 * minute

/** Nothing is pulled unless somebody asks, or rows are stale. */
function calm(staleness: NonNullable<SyncConfig['staleness']>): { config: Partial<SyncConfig> } {
  return { config: { sync: { interval: 0, onVisibilityChange: false }, staleness } }
}

function staleLog(sync: SyncEngine): [table: string, age: number][] {
  const log: [string, number][] = []
  sync.on('stale', ({ table, age }) => log.push([table, age]))
  return log
}

describe('rows that get old', () => {
  it('are said to be stale, and are pulled in the background while they can be read', async () => {
    const { db, sync, backend, device, settled } = await journey(calm({ ttl: life }))
    await settled()
    const log = staleLog(sync)
    backend.insert('notes', { id: 'n', text: 'new at the server' })
    expect(sync.isStale()).toBe(false)
    await device.advance(life - 1)
    expect([sync.isStale('notes'), log]).toEqual([false, []])
    expect(await db.notes.count()).toBe(0)
    await device.advance(1)
    expect(log).toEqual([
      ['posts', life],
      ['notes', life],
    ])
    await settled()
    expect((await db.notes.toArray()).map(({ text }) => text)).toEqual(['new at the server'])
    expect(sync.isStale()).toBe(false)
  })

  it('have a lifetime by table, and it begins anew with each pull', async () => {
    const { sync, device, settled, synced } = await journey(calm({ tables: { notes: life } }))
    await settled()
    const log = staleLog(sync)
    await device.advance(life / 2)
    await synced()
    await device.advance(life - minute)
    expect(log).toEqual([])
    await device.advance(minute)
    await settled()
    await device.advance(life)
    expect(log.map(([table]) => table)).toEqual(['notes', 'notes'])
    expect(sync.isStale('posts')).toBe(false)
  })

  it('are only told of where the app wants no more, once until they are pulled', async () => {
    const told: string[] = []
    const { sync, backend, device, settled, synced } = await journey(
      calm({ ttl: life, staleWhileRevalidate: false, onStale: ({ table }) => told.push(table) }),
    )
    await settled()
    const asked = backend.requests.length
    const log = staleLog(sync)
    await device.advance(5 * life)
    expect(sync.isStale('posts')).toBe(true)
    await device.advance(5 * life)
    expect(backend.requests.length).toBe(asked)
    expect(log.map(([table]) => table)).toEqual(['posts', 'notes'])
    expect(told).toEqual(['posts', 'notes'])
    await synced()
    expect(sync.isStale()).toBe(false)
    await device.advance(life)
    expect(told).toEqual(['posts', 'notes', 'posts', 'notes'])
  })

  it('stay stale while the server cannot be reached, and the app may ask as often as it likes', async () => {
    const { sync, backend, device, settled, setOnline } = await journey(calm({ ttl: life }))
    await settled()
    setOnline(false)
    await device.advance(2 * life)
    const asked = backend.requests.length
    for (let i = 0; i < 1000; i++) expect(sync.isStale('notes')).toBe(true)
    await device.settle()
    expect(backend.requests.length - asked).toBeLessThanOrEqual(2)
    setOnline(true)
    await settled()
    expect(sync.isStale()).toBe(false)
  })

  it('are pulled when the app asks about them, once, not with every question', async () => {
    const failing = { method: 'GET', path: '/api/notes' }
    const { sync, backend, device, settled } = await journey(calm({ tables: { notes: life } }))
    await settled()
    backend.respondNext(1, { status: 400 }, failing)
    await device.advance(life)
    await settled()
    await device.advance(minute)
    const asked = backend.asked(failing).length
    for (let i = 0; i < 10; i++) expect(sync.isStale('notes')).toBe(true)
    await settled()
    expect(backend.asked(failing).length).toBe(asked + 1)
    expect(sync.isStale('notes')).toBe(false)
  })
})

describe('how old rows are', () => {
  it('is not forgotten over a reload', async () => {
    const start = await journey(calm({ ttl: life, staleWhileRevalidate: false }))
    await start.settled()
    await start.device.advance(8 * minute)
    await start.synced()
    start.setOnline(false)
    const { sync, device } = await start.reload()
    expect(sync.isStale()).toBe(false)
    await device.advance(8 * minute)
    expect(sync.isStale()).toBe(false)
    await device.advance(2 * minute)
    expect(sync.isStale()).toBe(true)
  })

  it('is told again by a page that finds rows stale when it opens, and not of rows that were never there', async () => {
    const start = await journey({ ...calm({ ttl: life, staleWhileRevalidate: false }), online: false })
    const first = staleLog(start.sync)
    expect(start.sync.isStale('posts')).toBe(true)
    await start.device.advance(2 * life)
    expect(first).toEqual([])
    start.setOnline(true)
    await start.synced()
    start.setOnline(false)
    await start.until(start.sync.stop())
    await start.device.advance(3 * life)
    expect(start.sync.isStale()).toBe(true)
    const heard = staleLog(start.sync)
    await start.until(start.sync.start())
    expect(heard.map(([table]) => table)).toEqual(['posts', 'notes'])
  })

  it('is known to every tab, and told in each; the callback is called in one', async () => {
    const called: string[] = []
    const staleness = (name: string) => ({
      ttl: life,
      staleWhileRevalidate: false,
      onStale: ({ table }: { table: string }) => called.push(`${name} ${table}`),
    })
    const first = await journey(calm(staleness('first')))
    await first.settled()
    const second = await secondTab(first, calm(staleness('second')).config)
    await first.device.settle()
    expect([first.sync.isLeader(), second.sync.isLeader()]).toEqual([true, false])
    const [here, there] = [staleLog(first.sync), staleLog(second.sync)]
    expect(second.sync.isStale()).toBe(false)
    await first.device.advance(life)
    expect(here).toEqual([
      ['posts', life],
      ['notes', life],
    ])
    expect(there).toEqual(here)
    expect(called).toEqual(['first posts', 'first notes'])
    expect(second.sync.isStale()).toBe(true)
    await first.synced()
    expect(second.sync.isStale()).toBe(false)
  })

  it('is looked after from any tab', async () => {
    const first = await journey(calm({ tables: { notes: life } }))
    await first.settled()
    const second = await secondTab(first, calm({ tables: { notes: life } }).config)
    first.backend.respondNext(1, { status: 400 }, { method: 'GET', path: '/api/notes' })
    await first.device.advance(life)
    await first.settled()
    await first.device.advance(minute)
    expect(second.sync.isStale('notes')).toBe(true)
    await first.settled()
    expect(second.sync.isStale('notes')).toBe(false)
    first.backend.respondNext(1, { status: 400 }, { method: 'GET', path: '/api/notes' })
    await first.device.advance(life)
    await first.settled()
    await first.device.advance(minute)
    second.tab.setVisible(true)
    await first.settled()
    expect(second.sync.isStale('notes')).toBe(false)
  })

  it('is nothing once somebody has signed out: whoever comes has no rows yet', async () => {
    const first = await journey(calm({ ttl: life }))
    await first.settled()
    const second = await secondTab(first, calm({ ttl: life }).config)
    await first.device.settle()
    await first.until(second.sync.signOut())
    await first.device.settle()
    expect([first.sync.isStale(), second.sync.isStale()]).toEqual([true, true])
    first.setOnline(false) // it would be pulled at once
    const { sync } = await first.reload()
    expect(sync.isStale()).toBe(true)
  })

  it('means nothing by a clock that was set back: the rows count as stale', async () => {
    const { sync, device, settled } = await journey(calm({ ttl: life, staleWhileRevalidate: false }))
    await settled()
    device.jumpClock(-24 * life)
    expect(sync.isStale()).toBe(true)
  })
})

describe('an app', () => {
  it('that sets no ttl pays nothing and hears nothing', async () => {
    const { sync, device, tab, settled } = await journey({ config: { sync: { interval: 0 } } })
    await settled()
    const log = staleLog(sync)
    const { timers } = tab.open()
    await device.advance(3 * life)
    expect([sync.isStale(), log, tab.open().timers]).toEqual([false, [], timers])
  })

  it('whose callback throws is told of that, and nothing else happens', async () => {
    const errors: unknown[] = []
    const { sync, device, settled } = await journey({
      config: {
        sync: { interval: 0 },
        errors: { onError: (error) => errors.push(error) },
        staleness: {
          ttl: life,
          onStale() {
            throw new Error('oops')
          },
        },
      },
    })
    await settled()
    await device.advance(life)
    await settled()
    expect(errors.map(String)).toEqual(['Error: oops', 'Error: oops'])
    expect(sync.isStale()).toBe(false)
  })

  it('that names no table of ours is told so', async () => {
    const { sync } = await journey(calm({ ttl: life }))
    expect(() => sync.isStale('nonsense')).toThrow(expect.objectContaining({ code: 'unknown-table' }))
    await expect(journey(calm({ tables: { nonsense: life } }))).rejects.toMatchObject({ code: 'bad-config' })
    await expect(journey(calm({ ttl: 0 }))).rejects.toMatchObject({ code: 'bad-config' })
  })

  it('that stops leaves no timer', async () => {
    const { sync, device, until, settled } = await journey(calm({ ttl: life }))
    await settled()
    await until(sync.stop())
    device.expectNothingLeft()
  })
})
