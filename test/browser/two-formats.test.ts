import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LabServer, startLabServer } from './support/lab-server'
import { soon } from './support/soon'
import { cardsOn, expectSameCards, heard, launch, Tabs } from './support/tabs'

let server: LabServer
let browser: Browser
let tabs: Tabs

beforeAll(async () => {
  server = await startLabServer({ next: true })
  browser = await launch()
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

beforeEach(async () => {
  tabs = await Tabs.create(server, browser)
})

afterEach(() => tabs.close())

function add(page: Page, card: { title: string; notes?: string }): Promise<number> {
  return page.evaluate((one) => window.lab.db.cards.add(one), card)
}

function edit(page: Page, title: string, fields: { notes?: string }): Promise<number> {
  return page.evaluate(([name, how]) => window.lab.db.cards.where('title').equals(name).modify(how), [
    title,
    fields,
  ] as const)
}

async function settled(page: Page): Promise<void> {
  await page.evaluate(() => window.lab.settled())
}

async function notesAtServer(name: string): Promise<Record<string, string | undefined>> {
  const own = (await server.livingCards()).filter(({ title }) => title.startsWith(name))
  expect(new Set(own.map(({ title }) => title)).size).toBe(own.length)
  return Object.fromEntries(own.map(({ title, notes }) => [title, notes]))
}

/** Numbers from 0 to below `limit`, the same each time. */
function* numbers(seed: number, limit: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    yield Math.floor((state / 2_147_483_648) * limit)
  }
}

describe('two releases of the library whose log records have different formats', () => {
  it('share a database: the older one leaves what it cannot read, the newer one sends it, nothing is lost', async () => {
    const older = await tabs.open()
    await add(older, { title: 'format shared', notes: 'begun' })
    await settled(older)
    const newer = await tabs.open({}, 'next')
    const expected: Record<string, string> = { 'format shared': 'begun' }
    const draw = numbers(7, 1_000)
    for (let i = 0; i < 40; i += 1) {
      const isNewer = draw.next().value < 500
      const [page, name] = isNewer ? [newer, 'newer'] : [older, 'older']
      const own = Object.keys(expected).filter((title) => title.startsWith(`format ${name}`))
      const kind = draw.next().value
      const title =
        kind < 400 || own.length === 0
          ? `format ${name} ${i}`
          : kind < 600
            ? 'format shared'
            : own[draw.next().value % own.length]!
      const notes = `${name} ${i}`
      if (title in expected) expect(await edit(page, title, { notes })).toBe(1)
      else await add(page, { title, notes })
      expected[title] = notes
    }
    const isOlders = (title: string) => title.startsWith('format older')
    const olders = Object.fromEntries(Object.entries(expected).filter(([title]) => isOlders(title)))
    expect(await older.evaluate(() => window.lab.sync.isLeader())).toBe(true)
    // The older one sends its own, and sees that more waits.
    await soon(async () =>
      Object.fromEntries(Object.entries(await notesAtServer('format')).filter(([title]) => isOlders(title))),
    ).toEqual(olders)
    await older.evaluate(() => window.lab.sync.sync())
    const newers = Object.keys(expected).filter((title) => title.startsWith('format newer'))
    expect(newers.length).toBeGreaterThan(5)
    expect(Object.keys(await notesAtServer('format newer'))).toEqual([])
    const waiting = await older.evaluate(async () => (await window.lab.sync.pending()).length)
    expect(waiting).toBeGreaterThanOrEqual(newers.length)
    const disk = await older.evaluate(() => window.lab.disk())
    expect(new Set(disk._sync_log!.map(({ format }) => format))).toEqual(new Set([1, 2]))
    const shown = Object.fromEntries((await cardsOn(older)).map(({ title, notes }) => [title, notes]))
    expect(shown).toMatchObject(expected)

    await older.close()
    await settled(newer)
    expect(await notesAtServer('format')).toEqual(expected)
    const again = await tabs.open()
    await settled(again)
    await expectSameCards(server, newer, again)
    expect([...(await heard(newer, 'error')), ...(await heard(again, 'error'))]).toEqual([])
  })
})
