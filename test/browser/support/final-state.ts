import { expect } from 'vitest'
import type { Row } from '../../../src/model/change'
import { heard, type Tabs, type TabsServer } from './tabs'

/** What a server is judged by: every row it has ever had, deleted ones as tombstones. */
export interface Judged extends Pick<TabsServer, 'everyRow'> {
  readonly madeElsewhere: ReadonlySet<string>
}

export interface Allowed {
  /** Titles of cards whose changes are lost, and of which the test itself has seen that the app was told. */
  readonly lost?: readonly string[]
  /** Who wrote with `lab.write` in the moment of an end, and may be one write further than the test was told. */
  readonly unheard?: string
  /** What the app may hear of by `onError`. Default: nothing. */
  readonly reported?: RegExp
}

/**
 * When all is quiet: every acknowledged write is at the server once, every page of every device holds the server's rows,
 * nothing waits, and nobody has failed unheard.
 */
export async function expectFinalState(
  server: Judged,
  devices: readonly Tabs[],
  allowed: Allowed = {},
): Promise<void> {
  const pages = (await Promise.all(devices.map((device) => device.opened()))).flat()
  expect(pages.length, 'pages to judge').toBeGreaterThanOrEqual(devices.length)
  // What one device sends last the others must have fetched.
  for (const page of [...pages, ...pages]) await page.evaluate(() => window.lab.settled())
  await expectWritesOnce(server, devices, allowed)
  for (const table of ['cards', 'people'] as const) {
    const there = byId((await server.everyRow(table)).filter(isLiving))
    for (const page of pages) {
      const here = await page.evaluate((name) => window.lab.db.table(name).toArray(), table)
      expect(byId(here), `${table} of a page`).toEqual(there)
    }
  }
  const { reported = /^nothing$/ } = allowed
  for (const page of pages) {
    const { _sync_log, _sync_fences, _sync_letters, _sync_conflicts } = await page.evaluate(() =>
      window.lab.disk(),
    )
    expect([_sync_log, _sync_fences, _sync_letters, _sync_conflicts], 'on disk').toEqual([[], [], [], []])
    expect(await page.evaluate(() => window.lab.sync.getStatus())).toMatchObject({
      pending: 0,
      deadLetters: 0,
      conflicts: 0,
    })
    for (const error of await heard(page, 'error')) expect(error).toMatch(reported)
  }
  expect(devices.flatMap(({ unhandled }) => unhandled)).toEqual([])
}

/** Titles are given once: a row holds the last write of its title, and was written no more often than the app wrote. */
async function expectWritesOnce(server: Judged, devices: readonly Tabs[], allowed: Allowed): Promise<void> {
  const { lost = [], unheard } = allowed
  // A tombstone may tell no more than its key.
  const cards = (await server.everyRow('cards')).filter(({ title }) => title !== undefined)
  const titles = cards.map(({ title }) => title as string)
  expect(titles, 'made twice').toEqual([...new Set(titles)])
  const writes = new Map(devices.flatMap(({ acknowledged }) => [...acknowledged]))
  const further = (title: string) => (unheard !== undefined && title.startsWith(`${unheard} `) ? 1 : 0)
  const known = (title: string) =>
    writes.has(title) || server.madeElsewhere.has(title) || devices.some(({ found }) => found.has(title))
  const unknown = titles.filter((title) => !known(title))
  expect(
    unknown.filter((title) => !further(title)),
    'at the server, and written by nobody',
  ).toEqual([])
  for (const [title, told] of writes) {
    const card = cards.find((row) => row.title === title)
    const living = card && isLiving(card) ? card.notes : null
    const good = [told.at(-1), ...(further(title) ? ['changed'] : [])]
    if (!lost.includes(title)) expect(good, title).toContain(living)
    const { version = 0 } = (card ?? {}) as { version?: number }
    const others = further(title) + (server.madeElsewhere.has(title) ? 1 : 0) // who made it
    expect(version, `effects on ${title}`).toBeLessThanOrEqual(told.length + others)
  }
}

function isLiving({ deleted_at }: Row): boolean {
  return deleted_at === undefined || deleted_at === null
}

function byId(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => String(a.id).localeCompare(String(b.id)))
}
