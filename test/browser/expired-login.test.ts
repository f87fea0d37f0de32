import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { expectFinalState } from './support/final-state'
import { soon } from './support/soon'
import { stage } from './support/stage'

const at = stage()

function logIn(page: Page, token: string): Promise<void> {
  return page.evaluate((now) => {
    localStorage.setItem('user', 'ada')
    localStorage.setItem('token', now)
  }, token)
}

function stateOf(page: Page): Promise<string> {
  return page.evaluate(() => window.lab.sync.getStatus().state)
}

describe('a login that expires in a browser', () => {
  it('for hours keeps everything and asks nearly nothing; a new one in any tab lets it all go', async () => {
    const { server, tabs } = at
    let valid = 'first'
    server.inTheWay = ({ headers }, response, next) => {
      if (headers.authorization === `Bearer ${valid}`) next()
      else response.status(401).json({})
    }
    await tabs.context.clock.install()
    const opening = { login: true, interval: 30_000 }
    const leader = await tabs.visit()
    await logIn(leader, valid)
    await leader.evaluate((how) => window.lab.open(how), opening)
    const follower = await tabs.open(opening)
    for (const title of ['changed', 'deleted']) await tabs.add(leader, title)
    for (const page of [leader, follower]) await page.evaluate(() => window.lab.settled())

    valid = 'second'
    await tabs.add(follower, 'made')
    await tabs.change(leader, 'changed', 'without a login')
    await tabs.remove(follower, 'deleted')
    for (const page of [leader, follower]) await soon(() => stateOf(page)).toBe('auth-required')
    const asked = server.arrivals.length
    for (let half = 0; half < 12; half += 1) {
      await tabs.context.clock.fastForward('30:00')
      for (const page of [leader, follower]) expect(await stateOf(page)).toBe('auth-required')
    }
    await tabs.add(follower, 'made after hours')
    expect(server.arrivals.length - asked).toBeLessThan(5)
    expect(await leader.evaluate(() => window.lab.sync.hasUnsyncedChanges())).toBe(true)
    expect(await follower.evaluate(() => window.lab.sync.getDeadLetters())).toEqual([])

    // Nobody calls anything: the next look at the login finds another one.
    await logIn(follower, valid)
    // What one page stores, another sees a moment later; a look that misses it is repeated an interval later only.
    await soon(() => leader.evaluate(() => localStorage.getItem('token'))).toBe(valid)
    await tabs.context.clock.fastForward('01:00')
    await soon(async () => (await server.livingCards()).map(({ title }) => title)).toEqual([
      'changed',
      'made',
      'made after hours',
    ])
    await expectFinalState(server, [tabs])
  })
})
