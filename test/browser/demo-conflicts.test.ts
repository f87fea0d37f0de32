import type { FrameLocator } from 'playwright'
import { describe, it } from 'vitest'
import { demoStage, status } from './support/demo-stage'

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
})
