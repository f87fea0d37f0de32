import type { FrameLocator } from 'playwright'
import { describe, expect, it } from 'vitest'
import { card, demoStage, status } from './support/demo-stage'

const stage = demoStage()

/** Presses a button of the bar that makes conflicts, and waits for its last sentence. */
async function make(conflict: string, end: string): Promise<void> {
  const { page } = stage
  await page.getByRole('button', { name: conflict }).click()
  await page.getByRole('region', { name: 'Make a conflict' }).getByText(end).waitFor({ timeout: 30_000 })
}

function column(device: FrameLocator, name: string) {
  return device.getByRole('region', { name })
}

describe('the demo makes conflicts before one’s eyes', () => {
  it('merges two fields of one card', async () => {
    const { a, b } = stage
    await make('Two fields', 'Nobody disagreed')
    for (const device of [a, b])
      await column(device, 'Done').getByText('Search that forgives typos by Friday').waitFor()
    await status(b, 'Synced').waitFor()
  })

  it('adds up the votes of both devices', async () => {
    const { a, b } = stage
    await make('Two votes', 'Both count')
    for (const device of [a, b])
      await device
        .getByRole('button', { name: 'Vote for Search that forgives typos' })
        .getByText('7')
        .waitFor()
  })

  it('lets the later note stand, and brings the other back on wish', async () => {
    const { a, b } = stage
    await make('Two notes', 'The later note stands')
    for (const device of [a, b])
      await card(device, 'Search that forgives typos').getByText('Ada decides on Monday').waitFor()
    await b.getByText('Settled conflicts').click()
    const settled = b.getByRole('listitem', { name: 'Settled conflict about Search that forgives typos' })
    await settled.getByText('theirs stands').waitFor()
    await settled.getByRole('button', { name: 'Bring mine back' }).click()
    for (const device of [a, b])
      await card(device, 'Search that forgives typos').getByText('Ask Jonas before starting').waitFor()
  })

  it.each([
    ['Keep mine', 'Monday', 'Friday'],
    ['Take theirs', 'Friday', 'Monday'],
  ])('asks a person about two titles: %s', async (choice, kept, lost) => {
    const { a, b } = stage
    await make('Two titles', 'B holds its change')
    await status(b, 'Needs attention').waitFor()
    await card(b, 'Search that forgives typos by Monday').getByText('conflict').waitFor()
    const asked = b.getByRole('listitem', { name: 'Conflict about Search that forgives typos by Monday' })
    await asked.getByRole('region', { name: 'At the server' }).getByText('by Friday').waitFor()
    await asked.getByRole('button', { name: choice }).click()
    for (const device of [a, b]) {
      await card(device, `Search that forgives typos by ${kept}`).waitFor()
      expect(await card(device, `Search that forgives typos by ${lost}`).count()).toBe(0)
    }
    await status(b, 'Synced').waitFor()
  })
})
