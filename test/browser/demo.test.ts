import { describe, expect, it } from 'vitest'
import { add, card, columnsOf, demoStage, flipNetwork, rename, status } from './support/demo-stage'

const stage = demoStage()

async function titlesAtServer(): Promise<string[]> {
  const { data } = (await (await fetch(`${stage.url}/api/cards`)).json()) as {
    data: { title: string; deleted_at?: string }[]
  }
  return data.filter((row) => !row.deleted_at).map((row) => row.title)
}

describe('the demo', () => {
  it('shows on one device what was added on the other, with the number the server gave it', async () => {
    const { a, b } = stage
    await add(a, 'To do', 'Water the plants')
    await card(b, 'Water the plants').getByText('#').waitFor()
    await card(a, 'Water the plants').getByText('#').waitFor()
    await status(a, 'Synced').waitFor()
    expect(await columnsOf(b)).toEqual(await columnsOf(a))
  })

  it('keeps what was done offline, says that it waits, and brings it over when the network returns', async () => {
    const { a, b } = stage
    await flipNetwork(a)
    await status(a, 'Offline').waitFor()
    await add(a, 'Doing', 'Print the badges')
    await card(a, 'Print the badges').getByText('new').waitFor()
    await card(a, 'Print the badges').getByText('waiting').waitFor()
    await rename(a, 'Write the release notes', 'Translate the release notes')
    await card(a, 'Translate the release notes').getByText('waiting').waitFor()
    await a.getByRole('button', { name: 'Delete Invoice the spring workshop' }).click()
    await status(a, 'Offline · 3 waiting').waitFor()
    expect(await titlesAtServer()).not.toContain('Print the badges')

    await flipNetwork(a)
    await card(b, 'Print the badges').waitFor()
    await card(b, 'Translate the release notes').waitFor()
    await card(b, 'Invoice the spring workshop').waitFor({ state: 'detached' })
    await status(a, 'Synced').waitFor()
    expect(await a.getByText('waiting').count()).toBe(0)
    expect(await columnsOf(b)).toEqual(await columnsOf(a))
  })

  it('keeps a pulled plug, and what was written meanwhile, over a reload', async () => {
    const { a, b, page } = stage
    await flipNetwork(a)
    await add(a, 'To do', 'Written in the tunnel')
    await card(a, 'Written in the tunnel').getByText('waiting').waitFor()
    await page.reload()
    await card(a, 'Written in the tunnel').getByText('waiting').waitFor()
    await flipNetwork(a)
    await card(b, 'Written in the tunnel').waitFor()
  })

  it('joins what two people did to different fields of one card', async () => {
    const { a, b } = stage
    await flipNetwork(a)
    await flipNetwork(b)
    await rename(a, 'Talk to five customers', 'Talk to six customers')
    await b.getByRole('button', { name: 'Move Talk to five customers to Done' }).click()
    await flipNetwork(a)
    await flipNetwork(b)
    for (const device of [a, b]) {
      await device.getByRole('region', { name: 'Done' }).getByText('Talk to six customers').waitFor()
    }
  })

  it('shows why a card was refused, and sends it again when it was corrected', async () => {
    const { a, b } = stage
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
    const { a } = stage
    const before = await columnsOf(a)
    await add(a, 'Done', 'Forbidden again')
    const refused = a.getByRole('region', { name: 'Refused by the server' })
    await refused.getByRole('button', { name: 'Discard' }).click()
    await card(a, 'Forbidden again').waitFor({ state: 'detached' })
    await status(a, 'Synced').waitFor()
    expect(await columnsOf(a)).toEqual(before)
  })

  it('makes one card of a create whose answer was lost', async () => {
    const { a, b, page } = stage
    await page.getByRole('switch', { name: 'Lose answers' }).click()
    await add(a, 'To do', 'Only once')
    await card(b, 'Only once').waitFor()
    await status(a, 'Synced').waitFor()
    await page.getByRole('switch', { name: 'Lose answers' }).click()
    expect((await titlesAtServer()).filter((title) => title === 'Only once')).toHaveLength(1)
    expect(await card(a, 'Only once').count()).toBe(1)
  })

  it('waits while the server is down, and goes on by itself', async () => {
    const { a, b, page } = stage
    await page.getByRole('switch', { name: 'Server down' }).click()
    await add(b, 'To do', 'Patience')
    await status(b, 'No answer').waitFor()
    await page.getByRole('switch', { name: 'Server down' }).click()
    await card(a, 'Patience').waitFor({ timeout: 30_000 })
    await status(b, 'Synced').waitFor({ timeout: 30_000 })
  })

  it('says what is wrong, and what helps', async () => {
    const { a } = stage
    await a.getByRole('button', { name: 'Health: good' }).click()
    await a.getByText('All is well').waitFor()
    await a.getByRole('switch', { name: 'Online' }).click()
    await a.getByText('All is well').waitFor({ state: 'detached' })
    await add(a, 'To do', 'Something forbidden')
    await flipNetwork(a)
    await a.getByRole('button', { name: 'Health: 1 issue' }).click()
    await a.getByText('dead-letters').waitFor()
    await a.getByRole('button', { name: 'Health: 1 issue' }).press('Escape')
    await a.getByText('dead-letters').waitFor({ state: 'detached' })
    await a.getByRole('button', { name: 'Discard' }).click()
    await a.getByRole('button', { name: 'Health: good' }).waitFor()
  })

  it('says what a card waits for, and gives up its change on wish', async () => {
    const { a } = stage
    await flipNetwork(a)
    await rename(a, 'Talk to five customers', 'Talk to six customers')
    await a.getByRole('button', { name: 'Explain Talk to six customers, waiting' }).click()
    const dialog = a.getByRole('dialog', { name: 'Talk to six customers' })
    await dialog.getByText('It waits for a connection.').waitFor()
    const title = dialog.getByRole('row', { name: /^Title/ })
    expect(await title.getByRole('cell').allInnerTexts()).toEqual([
      'Talk to five customers',
      'Talk to six customers',
    ])
    await dialog.getByRole('button', { name: 'Give up these changes' }).click()
    await a.getByRole('button', { name: 'Explain Talk to five customers', exact: true }).click()
    await a.getByRole('dialog').getByText('Nothing waits').waitFor()
    await status(a, 'Offline').waitFor()
  })
})
