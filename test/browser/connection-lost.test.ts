import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { expectFinalState } from './support/final-state'
import { soon } from './support/soon'
import { stage } from './support/stage'
import { heard } from './support/tabs'

const at = stage()

/** The browser breaks every connection to the databases of the device, whatever runs on them. The data stay. */
async function loseConnections(): Promise<void> {
  const { tabs } = at
  const internals = await tabs.context.newPage()
  await internals.goto('chrome://indexeddb-internals/')
  const buttons = internals.locator('.force-close')
  await buttons.first().waitFor()
  for (const button of await buttons.all()) await button.click()
  await internals.close()
}

/** Keeps what the engine says of its state. */
async function watchStates(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const states: string[] = []
    Object.assign(window, { states })
    window.lab.sync.subscribe(() => void states.push(window.lab.sync.getStatus().state))
  })
  return () => page.evaluate(() => (window as unknown as { states: string[] }).states)
}

describe('a connection to the database that the browser breaks', () => {
  it('is told, and made again by itself in every tab, though the app asks nothing', async () => {
    const { server, tabs } = at
    const leader = await tabs.open()
    const follower = await tabs.open()
    for (const page of [leader, follower]) await page.evaluate(() => window.lab.settled())
    const states = [await watchStates(leader), await watchStates(follower)]
    await loseConnections()
    for (const [i, page] of [leader, follower].entries()) {
      await soon(states[i]!).toContain('storage-failed')
      await soon(() => page.evaluate(() => window.lab.sync.getStatus().state)).toBe('idle')
      expect(await page.evaluate(() => window.lab.db.isOpen())).toBe(true)
      expect(await heard(page, 'storage-error')).toMatchObject([{ reason: { code: 'storage-failed' } }])
    }
    await tabs.add(follower, 'after the loss')
    await expectFinalState(server, [tabs])
  })

  it('loses and doubles nothing of what is on its way and of what waits', async () => {
    const { server, tabs } = at
    const leader = await tabs.open()
    const follower = await tabs.open()
    for (const page of [leader, follower]) await page.evaluate(() => window.lab.settled())
    const states = [await watchStates(leader), await watchStates(follower)]
    server.holds.hold({ point: 'committed', count: 1 })
    await tabs.add(follower, 'on its way')
    await soon(() => server.holds.held().committed).toBe(1)
    await tabs.change(leader, 'on its way', 'changed meanwhile')
    await tabs.add(leader, 'waits behind it')
    const writing = follower.evaluate(() => window.lab.write('right through', 20)).catch(() => 'refused')
    await soon(() => tabs.acknowledged.size).toBeGreaterThan(4)
    await loseConnections()
    server.holds.release()
    await writing
    // Until a tab has its connection again, calls of its engine are refused.
    for (const [i, page] of [leader, follower].entries()) {
      await soon(states[i]!).toContain('storage-failed')
      await soon(() => page.evaluate(() => window.lab.sync.getStatus().state)).not.toBe('storage-failed')
    }
    // A write in the moment of the loss is refused to the app, or it was committed and is known.
    await tabs.add(leader, 'after all that')
    await expectFinalState(server, [tabs], { unheard: 'right through' })
  })
})
