import type { Browser, BrowserContext, Page } from 'playwright'
import { crash } from '../browser/support/tabs'
import type { Prng } from '../simulation/prng'
import type { Rows } from './judge'
import type { Told } from './told'
import { takeVitals, type Vitals } from './vitals'

export type Kill = 'crash' | 'close' | 'reload' | 'hand-over'

export const kills: readonly Kill[] = ['crash', 'close', 'reload', 'hand-over']

interface DeviceOptions {
  readonly name: string
  readonly url: string
  readonly seed: number
  readonly pace: number
  hear(told: Told): void
  /** Told of an error that nobody has caught, and of a page that died by itself. */
  complain(text: string): void
}

/** Three tabs of one browser: one stays for the whole run, two are killed and come back. */
export class Device {
  readonly name: string
  readonly #options: DeviceOptions
  readonly #context: BrowserContext
  readonly #dying = new Set<Page>()
  #pages: Page[] = []
  #lives = 0

  private constructor(options: DeviceOptions, context: BrowserContext) {
    this.name = options.name
    this.#options = options
    this.#context = context
  }

  static async create(browser: Browser, options: DeviceOptions): Promise<Device> {
    const context = await browser.newContext()
    const device = new Device(options, context)
    await context.exposeFunction('tell', (told: Told) => options.hear(told))
    for (let tab = 0; tab < 3; tab += 1) device.#pages.push(await device.#open())
    return device
  }

  /** The tab that stays. */
  get resident(): Page {
    return this.#pages[0]!
  }

  work(): Promise<unknown> {
    return this.#all((page) => page.evaluate(() => window.soak.work()))
  }

  rest(): Promise<unknown> {
    return this.#all((page) => page.evaluate(() => window.soak.rest()))
  }

  /** Lets one tab die and come back, or another lead. */
  async kill(kill: Kill, chance: Prng): Promise<void> {
    if (kill === 'hand-over') return this.resident.evaluate(() => window.soak.handOver())
    const place = chance.between(1, 2)
    const page = this.#pages[place]!
    this.#dying.add(page)
    if (kill === 'crash') await crash(page)
    if (kill === 'reload') await this.#begin(page)
    else {
      await page.close()
      this.#pages[place] = await this.#open()
    }
    this.#dying.delete(page)
    await this.#pages[place]!.evaluate(() => window.soak.work())
  }

  /** Sends and fetches, and answers why it is not at rest; undefined = it is. */
  async unrest(): Promise<string | undefined> {
    await this.resident.evaluate(() => window.soak.discardLetters())
    return this.resident.evaluate(() => window.soak.unrest())
  }

  /** What each tab sees. */
  rows(): Promise<Rows[]> {
    return this.#all((page) => page.evaluate(() => window.soak.rows()))
  }

  /** The tabs that are killed step back: what leads holds more, and is measured. */
  async letResidentLead(): Promise<void> {
    for (const page of this.#pages.slice(1)) await page.evaluate(() => window.soak.handOver())
    await this.resident.waitForFunction(() => window.soak.leads())
  }

  vitals(): Promise<Vitals> {
    return takeVitals(this.resident)
  }

  #all<T>(act: (page: Page) => Promise<T>): Promise<T[]> {
    return Promise.all(this.#pages.map(act))
  }

  async #open(): Promise<Page> {
    const page = await this.#context.newPage()
    page.on('pageerror', (error) => this.#options.complain(`${this.name}: ${error}`))
    page.on('crash', () => {
      if (!this.#dying.has(page)) this.#options.complain(`${this.name}: a tab died by itself`)
    })
    await this.#begin(page)
    return page
  }

  async #begin(page: Page): Promise<void> {
    await page.goto(`${this.#options.url}/soak.html`)
    this.#lives += 1
    const { seed, pace } = this.#options
    await page.evaluate((how) => window.soak.open(how), { seed, pace, name: `${this.name}${this.#lives}` })
  }
}
