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

/** The tabs of one device. */
export class Tabs {
  readonly context: BrowserContext
  readonly #server: LabServer
  /** Notes of the cards whose commit a page was told of, the last it was told, by title. */
  readonly acknowledged = new Map<string, string>()

  private constructor(server: LabServer, context: BrowserContext) {
    this.#server = server
    this.context = context
  }

  static async create(server: LabServer, browser: Browser): Promise<Tabs> {
    const context = await browser.newContext()
    const tabs = new Tabs(server, context)
    await context.exposeFunction('acknowledge', (title: string, notes: string) => {
      tabs.acknowledged.set(title, notes)
    })
    return tabs
  }

  /** A page that has not opened its database. */
  async visit(): Promise<Page> {
    const page = await this.context.newPage()
    await page.goto(`${this.#server.url}/lab.html`)
    return page
  }

  async open(opening: Opening = {}): Promise<Page> {
    const page = await this.visit()
    await page.evaluate((how) => window.lab.open(how), opening)
    return page
  }

  close(): Promise<void> {
    return this.context.close()
  }
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
