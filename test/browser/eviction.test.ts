import { describe, expect, it } from 'vitest'
import { expectFinalState } from './support/final-state'
import { soon } from './support/soon'
import { stage } from './support/stage'
import { evict, heard, type Tabs } from './support/tabs'

const at = stage()

/** A device with rows of its own and of others, all at the server, and one row that was made offline. */
async function leaveWaiting(tabs: Tabs, name: string) {
  const page = await tabs.open()
  await at.server.makeElsewhere(`${name} elsewhere`)
  await tabs.add(page, `${name} sent`)
  await page.evaluate(() => window.lab.settled())
  await tabs.context.setOffline(true)
  await tabs.add(page, `${name} never sent`)
  return page
}

/** Requests that could change something at the server. */
function writes() {
  return at.server.arrivals.filter(({ method }) => method !== 'GET')
}

describe('a browser that forgets everything', () => {
  it('between two visits costs what was never sent, and nothing else: all rows come again', async () => {
    const { server, tabs } = at
    const page = await leaveWaiting(tabs, 'between')
    await page.close()
    await tabs.context.setOffline(false)
    const next = await tabs.visit()
    await evict(next)
    const before = writes().length
    await next.evaluate(() => window.lab.open())
    await next.evaluate(() => window.lab.settled())
    expect(writes().slice(before)).toEqual([])
    expect((await server.livingCards()).map(({ title }) => title)).toEqual([
      'between elsewhere',
      'between sent',
    ])
    await tabs.add(next, 'between after')
    await expectFinalState(server, [tabs], { lost: ['between never sent'] })
  })

  it('under two open tabs is told, and no absence leaves as a deletion', async () => {
    const { server, tabs } = at
    const page = await leaveWaiting(tabs, 'under')
    const other = await tabs.context.newPage()
    const before = writes().length
    await evict(page)
    await soon(async () => (await heard(page, 'storage-error')).length).toBeGreaterThan(0)
    await tabs.context.setOffline(false)
    await other.goto(`${server.url}/lab.html`)
    await other.evaluate(() => window.lab.open())
    await soon(() => page.evaluate(() => window.lab.sync.getStatus().state)).toBe('idle')
    for (const one of [page, other]) await one.evaluate(() => window.lab.settled())
    expect(writes().slice(before)).toEqual([])
    await tabs.change(other, 'under sent', 'changed after')
    await tabs.remove(page, 'under elsewhere')
    await expectFinalState(server, [tabs], { lost: ['under never sent'] })
  })
})
