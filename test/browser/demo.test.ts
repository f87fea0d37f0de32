import { type Browser, chromium, type FrameLocator, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Board, startBoard } from '../../examples/board/server/board'
import { chromiumArguments, chromiumPath } from '../support/chromium'

/** How long the two devices may take to see something of each other, ms. */
const patience = 15_000

let board: Board
let browser: Browser
let page: Page
let a: FrameLocator
let b: FrameLocator

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
  a = page.frameLocator('iframe[title="Device A"]')
  b = page.frameLocator('iframe[title="Device B"]')
  for (const device of [a, b]) {
    await card(device, 'Talk to five customers').waitFor()
    await device.getByRole('status').getByText('Synced').waitFor()
  }
})
afterEach(() => page.context().close())

function card(device: FrameLocator, title: string) {
  return device.getByRole('listitem').filter({ has: device.getByRole('button', { name: `Edit ${title}` }) })
}

async function add(device: FrameLocator, column: string, title: string): Promise<void> {
  await device.getByLabel(`New card in ${column}`).fill(title)
  await device.getByLabel(`New card in ${column}`).press('Enter')
}

async function rename(device: FrameLocator, from: string, to: string): Promise<void> {
  await device.getByRole('button', { name: `Edit ${from}` }).click()
  await device.getByLabel('Title', { exact: true }).fill(to)
  await device.getByRole('button', { name: 'Save', exact: true }).click()
}

/** What a person sees of each column: the titles in their order. */
async function columnsOf(device: FrameLocator): Promise<string[][]> {
  const columns = await device.locator('.columns > section').all()
  return Promise.all(columns.map((column) => column.locator('.card-title').allInnerTexts()))
}

function status(device: FrameLocator, text: string) {
  return device.getByRole('status').getByText(text)
}

async function titlesAtServer(): Promise<string[]> {
  const { data } = (await (await fetch(`${board.url}/api/cards`)).json()) as {
    data: { title: string; deleted_at?: string }[]
  }
  return data.filter((row) => !row.deleted_at).map((row) => row.title)
}

describe('the demo', () => {
  it('shows on one device what was added on the other, with the number the server gave it', async () => {
    await add(a, 'To do', 'Water the plants')
    await card(b, 'Water the plants').getByText('#').waitFor()
    await card(a, 'Water the plants').getByText('#').waitFor()
    await status(a, 'Synced').waitFor()
    expect(await columnsOf(b)).toEqual(await columnsOf(a))
  })

  it('keeps what was done offline, says that it waits, and brings it over when the network returns', async () => {
    await a.getByRole('switch', { name: 'Online' }).click()
    await status(a, 'Offline').waitFor()
    await add(a, 'Doing', 'Print the badges')
    await card(a, 'Print the badges').getByText('new').waitFor()
    await card(a, 'Print the badges').getByText('waiting').waitFor()
    await rename(a, 'Write the release notes', 'Translate the release notes')
    await card(a, 'Translate the release notes').getByText('waiting').waitFor()
    await a.getByRole('button', { name: 'Delete Invoice the spring workshop' }).click()
    await status(a, 'Offline · 3 waiting').waitFor()
    expect(await titlesAtServer()).not.toContain('Print the badges')

    await a.getByRole('switch', { name: 'Online' }).click()
    await card(b, 'Print the badges').waitFor()
    await card(b, 'Translate the release notes').waitFor()
    await card(b, 'Invoice the spring workshop').waitFor({ state: 'detached' })
    await status(a, 'Synced').waitFor()
    expect(await a.getByText('waiting').count()).toBe(0)
    expect(await columnsOf(b)).toEqual(await columnsOf(a))
  })

  it('keeps a pulled plug, and what was written meanwhile, over a reload', async () => {
    await a.getByRole('switch', { name: 'Online' }).click()
    await add(a, 'To do', 'Written in the tunnel')
    await card(a, 'Written in the tunnel').getByText('waiting').waitFor()
    await page.reload()
    await card(a, 'Written in the tunnel').getByText('waiting').waitFor()
    await a.getByRole('switch', { name: 'Online' }).click()
    await card(b, 'Written in the tunnel').waitFor()
  })

  it('joins what two people did to different fields of one card', async () => {
    await a.getByRole('switch', { name: 'Online' }).click()
    await b.getByRole('switch', { name: 'Online' }).click()
    await rename(a, 'Talk to five customers', 'Talk to six customers')
    await b.getByRole('button', { name: 'Move Talk to five customers to Done' }).click()
    await a.getByRole('switch', { name: 'Online' }).click()
    await b.getByRole('switch', { name: 'Online' }).click()
    for (const device of [a, b]) {
      await device.getByRole('region', { name: 'Done' }).getByText('Talk to six customers').waitFor()
    }
  })

  it('shows why a card was refused, and sends it again when it was corrected', async () => {
    await add(a, 'To do', 'Something forbidden')
    const refused = a.getByRole('region', { name: 'Refused by the server' })
    await refused.getByText('must not contain the word “forbidden”').waitFor()
    await card(a, 'Something forbidden').getByText('refused').waitFor()
    await status(a, 'Needs attention').waitFor()

    await refused.getByLabel('Correct the title').fill('Something allowed')
    await refused.getByRole('button', { name: 'Save & retry' }).click()
    await card(b, 'Something allowed').waitFor()
    await refused.waitFor({ state: 'detached' })
    await status(a, 'Synced').waitFor()
  })

  it('drops a refused card when it is discarded, and nothing else', async () => {
    const before = await columnsOf(a)
    await add(a, 'Done', 'Forbidden again')
    const refused = a.getByRole('region', { name: 'Refused by the server' })
    await refused.getByRole('button', { name: 'Discard' }).click()
    await card(a, 'Forbidden again').waitFor({ state: 'detached' })
    await status(a, 'Synced').waitFor()
    expect(await columnsOf(a)).toEqual(before)
  })

  it('makes one card of a create whose answer was lost', async () => {
    await page.getByRole('switch', { name: 'Lose answers' }).click()
    await add(a, 'To do', 'Only once')
    await card(b, 'Only once').waitFor()
    await status(a, 'Synced').waitFor()
    await page.getByRole('switch', { name: 'Lose answers' }).click()
    expect((await titlesAtServer()).filter((title) => title === 'Only once')).toHaveLength(1)
    expect(await card(a, 'Only once').count()).toBe(1)
  })

  it('waits while the server is down, and goes on by itself', async () => {
    await page.getByRole('switch', { name: 'Server down' }).click()
    await add(b, 'To do', 'Patience')
    await status(b, 'Server unreachable').waitFor()
    await page.getByRole('switch', { name: 'Server down' }).click()
    await card(a, 'Patience').waitFor({ timeout: 30_000 })
    await status(b, 'Synced').waitFor({ timeout: 30_000 })
  })
})
