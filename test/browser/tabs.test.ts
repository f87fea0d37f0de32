import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chromiumArguments, chromiumPath } from '../support/chromium'
import { servePages } from '../support/page-server'
import type { Said } from './pages/leader'

/** Less than a heartbeat needs to be stale: whoever takes over within it was elected, not a thief. */
const soon = 10_000

let pages: Awaited<ReturnType<typeof servePages>>
let browser: Browser
let context: BrowserContext
let log: Said[]
let heard = () => {}
/** How often a page may begin to lead while another one still believes that it does. */
let overlaps: number

beforeAll(async () => {
  pages = await servePages()
  browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments })
})

afterAll(async () => {
  await browser.close()
  await pages.close()
})

beforeEach(async () => {
  log = []
  overlaps = 0
  context = await browser.newContext()
  await context.exposeFunction('say', (said: Said) => {
    log.push(said)
    heard()
  })
})

afterEach(async () => {
  const seen = {
    errors: log.filter(({ what }) => what === 'error'),
    overlaps: log.filter(({ alone }) => alone === false).length,
  }
  await context.close()
  expect(seen).toEqual({ errors: [], overlaps })
})

/** The first thing said after `start` that fits. The test's own time limit bounds the wait. */
async function said(what: Said['what'], start = 0): Promise<Said> {
  for (;;) {
    const found = log.slice(start).find((line) => line.what === what)
    if (found) return found
    await new Promise<void>((resolve) => {
      heard = resolve
    })
  }
}

async function open(tab: string): Promise<Page> {
  const page = await context.newPage()
  const start = log.length
  await page.goto(`${pages.url}/leader.html?tab=${tab}`)
  await said('ready', start)
  return page
}

/** Three pages, of which the first leads. */
async function threePages(): Promise<Record<'a' | 'b' | 'c', Page>> {
  const a = await open('a')
  await said('leads')
  return { a, b: await open('b'), c: await open('c') }
}

/** Does something to the leader and answers who leads next, and how long nobody did. */
async function handOver(act: () => Promise<unknown>): Promise<Said & { ms: number }> {
  const start = log.length
  const began = performance.now()
  await act()
  const next = await said('leads', start)
  return { ...next, ms: performance.now() - began }
}

async function leaders(...open: Page[]): Promise<string[]> {
  const states = await Promise.all(
    open.map((page) =>
      page.evaluate(() => [location.search.at(-1), window.leaderPage.leadership.epoch()] as const),
    ),
  )
  return states.flatMap(([tab, epoch]) => (epoch === undefined ? [] : [`${tab} under ${epoch}`]))
}

describe('I10 leadership of three pages in Chromium', () => {
  it('belongs to one of them', async () => {
    const { a, b, c } = await threePages()
    expect(await leaders(a, b, c)).toEqual(['a under 1'])
  })

  it('passes on when the leading page is closed, until none is left to take it', async () => {
    const { a, b, c } = await threePages()
    const second = await handOver(() => a.close())
    expect(second).toMatchObject({ tab: 'b', epoch: 2 })
    expect(await leaders(b, c)).toEqual(['b under 2'])
    const third = await handOver(() => b.close())
    expect(third).toMatchObject({ tab: 'c', epoch: 3 })
    expect(Math.max(second.ms, third.ms)).toBeLessThan(soon)
  })

  it('passes on when the leading page crashes', async () => {
    const { a, b, c } = await threePages()
    const session = await context.newCDPSession(a)
    const next = await handOver(async () => {
      const crashed = a.waitForEvent('crash')
      session.send('Page.crash').catch(() => {}) // a page that has crashed never answers
      await crashed
    })
    expect(next).toMatchObject({ tab: 'b', epoch: 2 })
    expect(next.ms).toBeLessThan(soon)
    expect(await leaders(b, c)).toEqual(['b under 2'])
  })

  it('passes on when the leading page goes elsewhere, which then comes back as a follower', async () => {
    const { a, b, c } = await threePages()
    const next = await handOver(() => a.goto('about:blank'))
    expect(next).toMatchObject({ tab: 'b', epoch: 2 })
    expect(next.ms).toBeLessThan(soon)
    await a.goBack()
    await a.waitForFunction(() => 'leaderPage' in window)
    expect(await leaders(a, b, c)).toEqual(['b under 2'])
    await c.close()
    expect(await handOver(() => b.close())).toMatchObject({ tab: 'a', epoch: 3 })
  })

  it('passes on when a download link kills the elector of a page that stays, and may come back', async () => {
    const { a, b, c } = await threePages()
    const next = await handOver(() => a.click('#download'))
    expect(next).toMatchObject({ tab: 'b', epoch: 2 })
    expect(next.ms).toBeLessThan(soon)
    expect(await leaders(a, b, c)).toEqual(['b under 2'])
    await c.close()
    expect(await handOver(() => b.close())).toMatchObject({ tab: 'a', epoch: 3 })
  })

  it('returns to the only page there is after a download link killed its elector, again and again', async () => {
    const a = await open('a')
    await said('leads')
    for (const epoch of [2, 3]) {
      const next = await handOver(() => a.click('#download'))
      expect(next).toMatchObject({ tab: 'a', epoch })
      expect(next.ms).toBeLessThan(soon)
    }
  })

  it('is taken from a page that stands still by one that has work, and not given back', async () => {
    const { a, b, c } = await threePages()
    const session = await context.newCDPSession(a)
    await session.send('Debugger.enable')
    const paused = new Promise((resolve) => session.once('Debugger.paused', resolve))
    await session.send('Debugger.pause')
    await paused
    await b.evaluate(() => window.leaderPage.age(60_000))
    overlaps = 1 // the one that stands still cannot know
    const next = await handOver(() => b.evaluate(() => window.leaderPage.setWork(true)))
    expect(next).toMatchObject({ tab: 'b', epoch: 2 })
    const start = log.length
    await session.send('Debugger.resume')
    expect(await said('leads no more', start)).toMatchObject({ tab: 'a', epoch: 1 })
    expect(await leaders(a, b, c)).toEqual(['b under 2'])
  })

  it('ends with stop(): no lock is held or waited for', async () => {
    const { a, b, c } = await threePages()
    for (const page of [c, b, a]) await page.evaluate(() => window.leaderPage.leadership.stop())
    const { held, pending } = await a.evaluate(() => navigator.locks.query())
    expect([held, pending]).toEqual([[], []])
  })
})
