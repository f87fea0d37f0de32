import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LabServer, startLabServer } from './support/lab-server'
import { soon } from './support/soon'
import { cardsOn, expectSameCards, heard, launch, Tabs } from './support/tabs'

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

async function titlesAtServer(): Promise<string[]> {
  return (await server.livingCards()).map(({ title }) => title)
}

function add(page: Page, title: string): Promise<number> {
  return page.evaluate((name) => window.lab.db.cards.add({ title: name, notes: '' }), title)
}

/** Changes and new rows wait in the outbox of a device that has pulled, and no tab is open. */
async function leaveWaiting(name: string): Promise<void> {
  await server.makeElsewhere(`${name} elsewhere`)
  const page = await tabs.open()
  await page.evaluate(() => window.lab.settled())
  await tabs.context.setOffline(true)
  await add(page, `${name} waiting`)
  await page.evaluate(async (title) => {
    await window.lab.db.cards.where('title').equals(title).modify({ notes: 'changed offline' })
  }, `${name} elsewhere`)
  await page.close()
  await tabs.context.setOffline(false)
}

describe('tabs on different code', () => {
  it('keep working while a new one brings sync to the database they have open', async () => {
    await server.makeElsewhere('at the server')
    const old = [await tabs.open({ sync: false }), await tabs.open({ sync: false })]
    // Far from the keys the server gives.
    await old[0]!.evaluate(() => window.lab.db.cards.add({ id: 5_000, title: 'there before' } as never))
    const [reading] = await Promise.all([
      old[1]!.evaluate(
        () =>
          new Promise<string[]>((resolve) => {
            window.lab.watchTitles((titles) => titles.includes('made with sync') && resolve(titles))
          }),
      ),
      (async () => {
        const page = await tabs.open()
        await page.evaluate(() => window.lab.settled())
        await add(page, 'made with sync')
        await soon(titlesAtServer).toContain('made with sync')
        await page.evaluate(() => window.lab.settled())
        for (const tab of old) expect(await cardsOn(tab)).toEqual(await cardsOn(page))
        await add(old[0]!, 'written by old code')
        expect((await cardsOn(page)).map(({ title }) => title)).toContain('written by old code')
        expect(await heard(page, 'error')).toEqual([])
      })(),
    ])
    expect(reading).toEqual(expect.arrayContaining(['there before', 'at the server', 'made with sync']))
    // Neither what was there before nor what old code writes is captured.
    expect(await titlesAtServer()).not.toContain('there before')
    expect(await titlesAtServer()).not.toContain('written by old code')
  })

  it('hold a new one back only as long as they hold the database, whatever they do not listen to', async () => {
    const old = await tabs.open({ sync: false })
    await old.evaluate(async () => {
      window.lab.db.on('versionchange', () => false) // says no, and Dexie keeps the connection
    })
    const page = await tabs.visit()
    const opening = page.evaluate(() => window.lab.open())
    await page.waitForFunction(() => window.lab.heard.some(({ name }) => name === 'blocked'))
    await add(old, 'written meanwhile')
    await old.close()
    await opening
    await page.evaluate(() => window.lab.settled())
    expect((await cardsOn(page)).map(({ title }) => title)).toContain('written meanwhile')
  })

  it('keep what waits when a later version of the database comes', async () => {
    await leaveWaiting('later')
    const page = await tabs.open({ version: 2 })
    await page.evaluate(() => window.lab.settled())
    const there = await expectSameCards(server, page)
    expect(there.filter(({ title }) => title === 'later waiting')).toHaveLength(1)
    expect(there.find(({ title }) => title === 'later elsewhere')).toMatchObject({ notes: 'changed offline' })
    expect(await page.evaluate(() => window.lab.db.cards.where('column').equals('todo').count())).toBe(
      there.length,
    )
  })

  it('hand on what waits when the later version comes while they are open', async () => {
    const early = await tabs.open()
    await early.evaluate(() => window.lab.settled())
    server.holds.hold({ point: 'received', count: 1 })
    await add(early, 'on its way')
    await soon(() => server.holds.held().received).toBe(1)
    await add(early, 'behind it')
    const late = await tabs.open({ version: 2 })
    server.holds.release()
    await add(late, 'by the new one')
    await add(early, 'by the old one')
    for (const title of ['on its way', 'behind it', 'by the new one', 'by the old one'])
      await soon(titlesAtServer).toContain(title)
    await late.evaluate(() => window.lab.settled())
    const there = await expectSameCards(server, late, early)
    const titles = there.map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
  })

  it('notice that the outbox has vanished with a version that knows nothing of sync', async () => {
    await leaveWaiting('vanished')
    const without = await tabs.open({ sync: false, version: 2 })
    const left = await cardsOn(without)
    expect(Object.keys(await without.evaluate(() => window.lab.disk()))).toEqual(['cards', 'people'])
    await without.close()
    const before = server.arrivals.length
    const page = await tabs.open({ version: 2 })
    const result = await page.evaluate(() => window.lab.sync.sync())
    expect(result.reason).toBeUndefined()
    const parked = await page.evaluate(() => window.lab.sync.conflicts.list())
    const codes = await page.evaluate(
      async (all) =>
        Promise.all(
          all.map(async ({ code, key }) => [(await window.lab.db.cards.get(key as number))!.title, code]),
        ),
      parked as { code: string; key: unknown }[],
    )
    expect(codes.sort()).toEqual([
      ['vanished elsewhere', 'existing-row'],
      ['vanished waiting', 'orphan'],
    ])
    // Nothing is deleted for its absence, and nothing is sent that nobody can tell the history of.
    expect(await cardsOn(page)).toEqual(left)
    expect(server.arrivals.slice(before).filter(({ method }) => method !== 'GET')).toEqual([])
  })
})
