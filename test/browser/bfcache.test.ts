import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { expectFinalState } from './support/final-state'
import { soon } from './support/soon'
import { stage } from './support/stage'

const at = stage({ backForwardCache: true })

/**
 * As a site that does without `unload`, which Chromium is about to do for all: else a page that has led is never cached,
 * since the elector of broadcast-channel listens to it.
 */
async function withoutUnload(): Promise<void> {
  await at.tabs.context.route('**/lab.html', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, headers: { ...response.headers(), 'permissions-policy': 'unload=()' } })
  })
}

/** Goes elsewhere, lets something happen, and comes back. Answers whether the page is the one that was left. */
async function awayAndBack(page: Page, meanwhile: () => Promise<unknown>): Promise<boolean> {
  await page.evaluate(() => Object.assign(window, { left: true }))
  await page.goto(`${at.server.url}/elsewhere.html`)
  await meanwhile()
  await page.goBack({ waitUntil: 'commit' })
  await page.waitForFunction(() => window.lab !== undefined)
  return page.evaluate(() => 'left' in window)
}

function leads(page: Page): Promise<boolean> {
  return page.evaluate(() => window.lab.sync.isLeader())
}

describe('a leading page that is left, and comes back', () => {
  it('as it was, from the cache: leads no more, and its answer on the way counts once', async () => {
    const { server, tabs } = at
    await withoutUnload()
    const page = await tabs.open()
    const other = await tabs.open()
    for (const one of [page, other]) await one.evaluate(() => window.lab.settled())
    await tabs.add(page, 'cached: before')
    await page.evaluate(() => window.lab.settled())
    const same = await awayAndBack(page, async () => {
      await soon(() => leads(other)).toBe(true)
      await tabs.change(other, 'cached: before', 'changed meanwhile')
      await server.makeElsewhere('cached: elsewhere')
      await tabs.add(other, 'cached: meanwhile')
      await other.evaluate(() => window.lab.settled())
    })
    expect(same).toBe(true)
    await tabs.add(page, 'cached: after')
    await expectFinalState(server, [tabs])
    expect([await leads(page), await leads(other)]).toEqual([false, true])
  })

  it('as it was, and alone: leads again, and sends what others and it have written', async () => {
    const { server, tabs } = at
    await withoutUnload()
    const page = await tabs.open()
    await page.evaluate(() => window.lab.settled())
    await tabs.context.setOffline(true)
    await tabs.add(page, 'alone: waiting')
    await tabs.context.setOffline(false)
    const same = await awayAndBack(page, () => server.makeElsewhere('alone: elsewhere'))
    expect(same).toBe(true)
    await soon(() => leads(page)).toBe(true)
    await expectFinalState(server, [tabs])
  })

  it('made anew, where the browser does not cache it: what was on its way counts once', async () => {
    const { server, tabs } = at
    const page = await tabs.open()
    await page.evaluate(() => window.lab.settled())
    server.holds.hold({ point: 'committed', count: 1 })
    await tabs.add(page, 'anew: on its way')
    await soon(() => server.holds.held().committed).toBe(1)
    await tabs.add(page, 'anew: behind it')
    const same = await awayAndBack(page, async () => server.holds.release())
    expect(same).toBe(false)
    await page.evaluate(() => window.lab.open())
    await expectFinalState(server, [tabs])
  })
})
