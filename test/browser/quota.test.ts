import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { expectFinalState } from './support/final-state'
import { stage } from './support/stage'
import { heard } from './support/tabs'

const at = stage()
const refused = /the browser refused to store more/

interface Cramped {
  readonly page: Page
  /** Gives it all the room there is. */
  clear(): Promise<unknown>
}

/** Little room, granted before anything is stored: what Chromium has once granted it does not look up for a while. */
async function openWithLittleRoom(): Promise<Cramped> {
  const page = await at.tabs.visit()
  // The word of a session counts as long as the session does.
  const session = await at.tabs.context.newCDPSession(page)
  await session.send('Storage.overrideQuotaForOrigin', { origin: at.server.url, quotaSize: 400_000 })
  await page.evaluate(() => window.lab.open())
  await page.evaluate(() => window.lab.settled())
  return { page, clear: () => session.detach() }
}

describe('a browser that has no room left', () => {
  it('refuses the write to the app, whole, and nothing of it leaves', async () => {
    const { server, tabs } = at
    const { page, clear } = await openWithLittleRoom()
    await tabs.add(page, 'fits')
    const refusal = await page.evaluate(() => {
      const { db } = window.lab
      return db
        .transaction('rw', db.cards, async () => {
          await db.cards.add({ title: 'beside it', notes: '' })
          await db.cards.add({ title: 'too large', notes: 'x'.repeat(1_000_000) })
        })
        .then(
          () => 'committed',
          (error: { inner?: { name?: string } }) => error.inner?.name,
        )
    })
    expect(refusal).toBe('QuotaExceededError')
    await tabs.add(page, 'fits after it')
    await page.evaluate(() => window.lab.settled())
    expect(JSON.stringify(await page.evaluate(() => window.lab.disk()))).not.toMatch(/beside it|too large/)
    await clear()
    await expectFinalState(server, [tabs])
  })

  it('keeps the checkpoint of a page that does not fit, says so, and goes on with room', async () => {
    const { server, tabs } = at
    const { page, clear } = await openWithLittleRoom()
    await server.crowd(1)
    const result = await page.evaluate(() => window.lab.sync.sync())
    expect(result.reason).toMatchObject({ code: 'quota-exceeded' })
    expect(await heard(page, 'storage-error')).toContainEqual({
      reason: expect.objectContaining({ code: 'quota-exceeded' }),
    })
    expect(await page.evaluate(() => window.lab.db.people.count())).toBeLessThan(2_100)
    await clear()
    await page.evaluate(() => window.lab.settled())
    expect(await page.evaluate(() => window.lab.db.people.count())).toBe(2_100)
    await tabs.add(page, 'with room')
    await expectFinalState(server, [tabs], { reported: refused })
  })
})
