import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LabServer, startLabServer } from './support/lab-server'
import { soon } from './support/soon'
import { crash, expectSameCards, heard, launch, Tabs } from './support/tabs'

let server: LabServer
let browser: Browser
let tabs: Tabs
let a: Page
let b: Page
let c: Page

beforeAll(async () => {
  server = await startLabServer()
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** Three tabs, of which the first leads. */
beforeEach(async () => {
  tabs = await Tabs.create(server, browser)
  a = await tabs.open()
  await a.waitForFunction(() => window.lab.sync.isLeader())
  b = await tabs.open()
  c = await tabs.open()
})

afterEach(() => tabs.close())

function leads(page: Page): Promise<boolean> {
  return page.evaluate(() => window.lab.sync.isLeader())
}

async function epoch(page: Page): Promise<unknown> {
  const { _sync_leader } = await page.evaluate(() => window.lab.disk())
  return _sync_leader![0]!.epoch
}

async function titlesAtServer(): Promise<string[]> {
  return (await server.livingCards()).map(({ title }) => title)
}

describe('three tabs of one device', () => {
  it.each([
    { what: 'closed', leave: (page: Page) => page.close() },
    { what: 'crashed', leave: crash },
    { what: 'sent elsewhere', leave: (page: Page) => page.goto(`${server.url}/elsewhere.html`) },
  ])('write while the leading one is $what: everything arrives once', async ({ what, leave }) => {
    a.evaluate((name) => window.lab.write(name, 10_000), `a ${what}`).catch(() => 'gone before the end')
    const writing = [
      b.evaluate((name) => window.lab.write(name, 20), `b ${what}`),
      c.evaluate((name) => window.lab.write(name, 20), `c ${what}`),
    ]
    await soon(() => tabs.acknowledged.size).toBeGreaterThan(9)
    await leave(a)
    await Promise.all(writing)
    for (const page of [b, c]) await page.evaluate(() => window.lab.settled())
    const there = await expectSameCards(server, b, c)
    const titles = there.map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
    const notes = new Map(there.map((card) => [card.title, card.notes]))
    // What was committed in the moment of the end may be one change further than the test was told.
    for (const [title, told] of tabs.acknowledged)
      expect([told.at(-1), 'changed'], title).toContain(notes.get(title))
    expect(await epoch(b)).toBe(2)
    expect([await leads(b), await leads(c)].filter(Boolean)).toHaveLength(1)
    for (const page of [b, c]) {
      expect(await heard(page, 'leader-change')).toContainEqual({ epoch: 2 })
      expect(await heard(page, 'dead-letter')).toEqual([])
      await page.waitForFunction(() => window.lab.sync.getStatus().pending === 0)
    }
  })

  it('need no poll: the leader sends what another tab wrote as soon as it is committed', async () => {
    await b.evaluate(() => window.lab.db.cards.add({ title: 'from a follower' }))
    await soon(titlesAtServer).toContain('from a follower')
    await c.waitForFunction(async () => (await window.lab.db.cards.get({ title: 'from a follower' }))!.id > 0)
    expect(await Promise.all([a, b, c].map(leads))).toEqual([true, false, false])
    expect(await epoch(a)).toBe(1)
  })

  it('hear the same events, and have the same status', async () => {
    const temporary = await b.evaluate(() => window.lab.db.cards.add({ title: 'heard of' }))
    for (const page of [a, b, c])
      await page.waitForFunction(
        (key) =>
          window.lab.heard.some(
            ({ name, data }) => name === 'key-assigned' && (data as { temporary: number }).temporary === key,
          ),
        temporary,
      )
    await c.evaluate(() => window.lab.db.cards.add({ title: 'forbidden' }))
    for (const page of [a, b, c])
      await page.waitForFunction(() => window.lab.sync.getStatus().deadLetters === 1)
    const letters = await Promise.all([a, b, c].map((page) => heard(page, 'dead-letter')))
    expect(letters.map((heardHere) => heardHere.length)).toEqual([1, 1, 1])
    expect(letters[1]).toEqual(letters[0])
    await b.evaluate(async () => {
      const [letter] = await window.lab.sync.deadLetters.list()
      await window.lab.sync.deadLetters.discard(letter!.id)
    })
    for (const page of [a, b, c])
      await page.waitForFunction(() => window.lab.sync.getStatus().deadLetters === 0)
    await c.evaluate(() => window.lab.sync.sync())
    const statusOf = async (page: Page) => {
      await page.waitForFunction(() => window.lab.sync.getStatus().state === 'idle')
      const { leader, ...shared } = await page.evaluate(() => window.lab.sync.getStatus())
      return shared
    }
    const status = await statusOf(a)
    expect(status).toMatchObject({ pending: 0, hasSynced: true, deadLetters: 0 })
    expect([await statusOf(b), await statusOf(c)]).toEqual([status, status])
  })

  it('stay paused when the leading one, which was asked to pause, is closed', async () => {
    await b.evaluate(() => window.lab.sync.pause())
    await c.evaluate(() => window.lab.db.cards.add({ title: 'made in a pause' }))
    await a.close()
    await b.waitForFunction(() => window.lab.heard.some(({ name }) => name === 'leader-change'))
    await b.evaluate(() => window.lab.sync.sync())
    expect(await titlesAtServer()).not.toContain('made in a pause')
    await c.evaluate(() => window.lab.sync.resume())
    await soon(titlesAtServer).toContain('made in a pause')
  })

  it('are answered by the next leader when the one that was asked is gone', async () => {
    server.holds.hold({ point: 'received', count: 1 })
    await b.evaluate(() => window.lab.db.cards.add({ title: 'asked for' }))
    await soon(() => server.holds.held().received).toBe(1)
    const answers = [b, c].map((page) => page.evaluate(() => window.lab.sync.sync()))
    await a.close()
    server.holds.release()
    for (const answer of answers) expect((await answer).reason).toBeUndefined()
    expect((await titlesAtServer()).filter((title) => title === 'asked for')).toHaveLength(1)
  })
})
