import type { Browser, CDPSession, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LabServer, startLabServer } from './support/lab-server'
import { soon } from './support/soon'
import { expectSameCards, heard, launch, Tabs } from './support/tabs'

let server: LabServer
let browser: Browser
let tabs: Tabs

beforeAll(async () => {
  server = await startLabServer()
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

beforeEach(async () => {
  tabs = await Tabs.create(server, browser)
})

afterEach(() => tabs.close())

/** Counts what the page holds open: its channels, and what is rejected and nobody handles. Before the page's own code. */
async function watched(): Promise<Page> {
  await tabs.context.addInitScript(() => {
    const counts = { channels: [] as string[], unhandled: [] as string[] }
    Object.assign(window, { counts })
    const Native = BroadcastChannel
    window.BroadcastChannel = class extends Native {
      #open = true
      constructor(name: string) {
        super(name)
        counts.channels.push(name)
      }
      override close(): void {
        if (this.#open) counts.channels.splice(counts.channels.indexOf(this.name), 1)
        this.#open = false
        super.close()
      }
    }
    addEventListener('unhandledrejection', ({ reason }) => void counts.unhandled.push(String(reason)))
  })
  return tabs.open()
}

interface Left {
  /** Their names; Dexie keeps one of its own. */
  readonly channels: readonly string[]
  readonly unhandled: readonly string[]
  readonly locks: readonly (string | undefined)[]
  readonly listeners: number
}

async function left(page: Page, session: CDPSession): Promise<Left> {
  await session.send('HeapProfiler.collectGarbage')
  const { metrics } = await session.send('Performance.getMetrics')
  const inPage = await page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query()
    const { counts } = window as unknown as { counts: { channels: string[]; unhandled: string[] } }
    return { ...counts, locks: [...held, ...pending].map(({ name }) => name) }
  })
  return { ...inPage, listeners: metrics.find(({ name }) => name === 'JSEventListeners')!.value }
}

describe('two hundred starts and stops in a browser', () => {
  it('leave no lock, channel, listener or unhandled rejection, and an engine that works', async () => {
    const page = await watched()
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    await page.evaluate(() => window.lab.settled())
    const cycle = (times: number) =>
      page.evaluate(async (count) => {
        const { sync } = window.lab
        for (let i = 0; i < count; i++) {
          const started = sync.start()
          if (i % 4 > 0) await started
          if (i % 4 > 1) await new Promise((resolve) => setTimeout(resolve, i % 20))
          if (i % 4 > 2) await sync.sync().catch(() => undefined)
          await sync.stop()
        }
      }, times)
    await cycle(8)
    const before = await left(page, session)
    expect(before).toMatchObject({
      channels: [expect.stringMatching(/^dexie-txcommitted|storagemutated/)],
      unhandled: [],
      locks: [],
    })
    await cycle(200)
    const after = await left(page, session)
    expect(after).toEqual(before)
    await page.evaluate(() => window.lab.sync.start())
    await page.evaluate(() => window.lab.db.cards.add({ title: 'after all that', notes: '' }))
    await page.evaluate(() => window.lab.settled())
    await expectSameCards(server, page)
    expect(await heard(page, 'error')).toEqual([])
  })
})

describe('a page that comes back', () => {
  it('from the back-forward cache goes on: one leader, and what is written then is sent', async () => {
    const caching = await launch({ backForwardCache: true })
    try {
      const device = await Tabs.create(server, caching)
      const leader = await device.open()
      await leader.evaluate(() => window.lab.settled())
      const page = await device.open()
      await page.evaluate(() => {
        addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted }))
      })
      await page.evaluate(() => window.lab.settled())
      await page.goto(`${server.url}/api/cards`)
      await page.goBack({ waitUntil: 'commit' })
      await soon(() => page.evaluate(() => (window as unknown as { persisted?: boolean }).persisted)).toBe(
        true,
      )
      await page.evaluate(() => window.lab.db.cards.add({ title: 'after the return', notes: '' }))
      await page.evaluate(() => window.lab.settled())
      await expectSameCards(server, page)
      // A page that has led is not cached: the elector of broadcast-channel listens to `unload`, for good.
      expect(await leader.evaluate(() => window.lab.sync.isLeader())).toBe(true)
      await leader.close()
      await soon(() => page.evaluate(() => window.lab.sync.isLeader())).toBe(true)
      await page.evaluate(() => window.lab.db.cards.add({ title: 'as the leader', notes: '' }))
      await page.evaluate(() => window.lab.settled())
      await expectSameCards(server, page)
      expect(await heard(page, 'error')).toEqual([])
    } finally {
      await caching.close()
    }
  })

  it('after Dexie closed its database for the cache opens it again, though the app asks nothing', async () => {
    const page = await tabs.open()
    const other = await tabs.open()
    await page.evaluate(() => window.lab.settled())
    // As the browser tells it: Dexie closes the database of a page that may come back.
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })))
    await soon(() => page.evaluate(() => window.lab.sync.getStatus().state)).toBe('closed')
    await soon(() => other.evaluate(() => window.lab.sync.isLeader())).toBe(true)
    await server.makeElsewhere('while it was away')
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
    await soon(() => page.evaluate(() => window.lab.sync.getStatus().state)).toBe('idle')
    await page.evaluate(() => window.lab.db.cards.add({ title: 'after the return', notes: '' }))
    await page.evaluate(() => window.lab.settled())
    await expectSameCards(server, page, other)
    const leaders = await Promise.all(
      [page, other].map((one) => one.evaluate(() => window.lab.sync.isLeader())),
    )
    expect(leaders.filter(Boolean)).toHaveLength(1)
    expect([await heard(page, 'error'), await heard(other, 'error')]).toEqual([[], []])
  })
})

describe('a database in a browser', () => {
  it('deleted by another tab is gone in a moment and not made again; made again it is filled', async () => {
    await server.makeElsewhere('at the server')
    const page = await tabs.open()
    const other = await tabs.open()
    await page.evaluate(() => window.lab.settled())
    await other.evaluate(() => window.lab.db.delete())
    await soon(() => page.evaluate(() => window.lab.sync.getStatus().state)).toBe('closed')
    // Longer than a heartbeat and a look at the leader.
    await new Promise((resolve) => setTimeout(resolve, 7_000))
    const names = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))
    expect(names).not.toContain('board')
    await page.evaluate(() => window.lab.db.open())
    await page.evaluate(() => window.lab.db.cards.add({ title: 'made anew', notes: '' }))
    await page.evaluate(() => window.lab.settled())
    await expectSameCards(server, page)
    expect(await heard(page, 'error')).toEqual([])
  })

  it('closed while it syncs stays closed, and goes on when it is opened', async () => {
    const page = await tabs.open()
    await page.evaluate(() => window.lab.settled())
    await page.evaluate(async () => {
      const { db, sync } = window.lab
      void db.cards.add({ title: 'on its way', notes: '' }).then(() => sync.sync().catch(() => undefined))
      await new Promise((resolve) => setTimeout(resolve, 5))
      db.close()
    })
    await soon(() => page.evaluate(() => window.lab.sync.getStatus().state)).toBe('closed')
    expect(await page.evaluate(() => window.lab.db.isOpen())).toBe(false)
    await page.evaluate(() => window.lab.db.open())
    await soon(() => page.evaluate(() => window.lab.sync.getStatus().state)).toBe('idle')
    await page.evaluate(() => window.lab.settled())
    await expectSameCards(server, page)
  })
})
