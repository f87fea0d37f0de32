import { type Browser, chromium, type FrameLocator, type Locator, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type Board, startBoard } from '../../../examples/board/server/board'
import { chromiumArguments, chromiumPath } from '../../support/chromium'

/** How long the two devices may take to see something of each other, ms. */
const patience = 15_000

/** The demo as a person meets it: its page with both devices in sync, opened anew for each test of a file. */
export interface DemoStage {
  readonly url: string
  readonly page: Page
  readonly a: FrameLocator
  readonly b: FrameLocator
}

export function demoStage(): DemoStage {
  let board: Board
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    board = await startBoard({ port: 0 })
    browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments })
  })
  afterAll(async () => {
    await browser?.close()
    await board?.close()
  })
  beforeEach(async () => {
    await fetch(`${board.url}/demo/reset`, { method: 'POST' })
    // A context of its own: databases, switches and all begin empty.
    page = await (await browser.newContext()).newPage()
    page.setDefaultTimeout(patience)
    await page.goto(board.url)
    for (const device of [stage.a, stage.b]) {
      await card(device, 'Talk to five customers').waitFor()
      await status(device, 'Synced').waitFor()
    }
  })
  afterEach(() => page.context().close())

  const stage: DemoStage = {
    get url() {
      return board.url
    },
    get page() {
      return page
    },
    get a() {
      return page.frameLocator('iframe[title="Device A"]')
    },
    get b() {
      return page.frameLocator('iframe[title="Device B"]')
    },
  }
  return stage
}

export function card(device: FrameLocator, title: string): Locator {
  return device.getByRole('listitem').filter({ has: device.getByRole('button', { name: `Edit ${title}` }) })
}

export async function add(device: FrameLocator, column: string, title: string): Promise<void> {
  await device.getByLabel(`New card in ${column}`).fill(title)
  await device.getByLabel(`New card in ${column}`).press('Enter')
}

export async function rename(device: FrameLocator, from: string, to: string): Promise<void> {
  await device.getByRole('button', { name: `Edit ${from}` }).click()
  await device.getByLabel('Title', { exact: true }).fill(to)
  await device.getByRole('button', { name: 'Save', exact: true }).click()
}

/** Pulls the plug of a device, or puts it in again. */
export async function flipNetwork(device: FrameLocator): Promise<void> {
  await device.getByRole('switch', { name: 'Online' }).click()
}

/** What a person sees of each column: the titles in their order. */
export async function columnsOf(device: FrameLocator): Promise<string[][]> {
  const columns = await device.locator('.columns > section').all()
  return Promise.all(columns.map((column) => column.locator('.card-title').allInnerTexts()))
}

/** The pill of a device. */
export function status(device: FrameLocator, text: string): Locator {
  return device.getByRole('status').getByText(text)
}
