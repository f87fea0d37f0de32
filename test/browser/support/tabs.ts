import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { expect } from 'vitest'
import { chromiumArguments, chromiumPath } from '../../support/chromium'
import type { Card, Heard, Opening } from '../pages/lab'
import type { LabServer } from './lab-server'

/** With `backForwardCache` pages that are left may come back as they were, which Playwright turns off. */
export function launch({ backForwardCache = false } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: chromiumArguments,
    ...(backForwardCache && { ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
  })
}

/** Where the page of a device is, and its rows. */
export type TabsServer = Pick<LabServer, 'url' | 'everyRow'>

/** The tabs of one device. */
export class Tabs {
  readonly context: BrowserContext
  readonly #server: TabsServer
  /** Notes of the cards whose commits a page was told of, oldest first, by title; null = deleted. */
  readonly acknowledged = new Map<string, (string | null)[]>()
  /** Errors and rejections of all its pages that nobody has handled. */
  readonly unhandled: string[] = []
  /** Titles of the cards that were at the server before this device. */
  readonly found: ReadonlySet<unknown>

  private constructor(server: TabsServer, context: BrowserContext, found: ReadonlySet<unknown>) {
    this.#server = server
    this.context = context
    this.found = found
    context.on('weberror', (error) => void this.unhandled.push(String(error.error())))
  }

  static async create(server: TabsServer, browser: Browser): Promise<Tabs> {
    const context = await browser.newContext()
    const rows = await server.everyRow('cards')
    const tabs = new Tabs(server, context, new Set(rows.map(({ title }) => title)))
    await context.exposeFunction('acknowledge', (title: string, notes: string) => {
      tabs.#acknowledge(title, notes)
    })
    return tabs
  }

  /** A page that has not opened its database, on this release of the library or a later one. */
  async visit(build: 'lab' | 'next' = 'lab'): Promise<Page> {
    const page = await this.context.newPage()
    await page.goto(`${this.#server.url}/${build}.html`)
    return page
  }

  async open(opening: Opening = {}, build: 'lab' | 'next' = 'lab'): Promise<Page> {
    const page = await this.visit(build)
    await page.evaluate((how) => window.lab.open(how), opening)
    return page
  }

  /** The pages that have opened their database. */
  async opened(): Promise<Page[]> {
    const opened = await Promise.all(
      this.context.pages().map((page) => page.evaluate(() => Boolean(window.lab?.sync))),
    )
    return this.context.pages().filter((_, i) => opened[i])
  }

  /** Makes a card, and answers the key it has then. */
  async add(page: Page, title: string): Promise<number> {
    const key = await page.evaluate((name) => window.lab.db.cards.add({ title: name, notes: '' }), title)
    this.#acknowledge(title, '')
    return key
  }

  async change(page: Page, title: string, notes: string): Promise<void> {
    await page.evaluate((card) => window.lab.db.cards.where('title').equals(card.title).modify(card), {
      title,
      notes,
    })
    this.#acknowledge(title, notes)
  }

  async remove(page: Page, title: string): Promise<void> {
    await page.evaluate((name) => window.lab.db.cards.where('title').equals(name).delete(), title)
    this.#acknowledge(title, null)
  }

  #acknowledge(title: string, notes: string | null): void {
    this.acknowledged.set(title, [...(this.acknowledged.get(title) ?? []), notes])
  }

  close(): Promise<void> {
    return this.context.close()
  }
}

/** The browser forgets every database of the device, as it does when the disk is full or the person asks for it. */
export async function evict(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const origin = new URL(page.url()).origin
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
  await session.detach()
}

/** What a page has heard of one event so far. */
export async function heard(page: Page, name: string): Promise<unknown[]> {
  const all: Heard[] = await page.evaluate(() => window.lab.heard)
  return all.filter((one) => one.name === name).map(({ data }) => data)
}

export async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  session.send('Page.crash').catch(() => {}) // a page that has crashed never answers
  await crashed
}

export function cardsOn(page: Page): Promise<Card[]> {
  return page.evaluate(() => window.lab.db.cards.orderBy('id').toArray())
}

/** All the tabs and the server hold the same cards. */
export async function expectSameCards(server: LabServer, ...pages: Page[]): Promise<Card[]> {
  const there = await server.livingCards()
  for (const page of pages) expect(await cardsOn(page)).toEqual(there)
  return there
}
