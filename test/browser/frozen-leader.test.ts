import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { expectFinalState } from './support/final-state'
import { standStill } from './support/renderer'
import { soon } from './support/soon'
import { stage } from './support/stage'

const at = stage()

function leads(page: Page): Promise<boolean> {
  return page.evaluate(() => window.lab.sync.isLeader())
}

/** Two tabs; the leading one has two requests at the server, one carried out and unanswered, one not begun. */
async function onTheirWay(name: string) {
  const { server, tabs } = at
  const leader = await tabs.open()
  const follower = await tabs.open()
  for (const page of [leader, follower]) await page.evaluate(() => window.lab.settled())
  expect([await leads(leader), await leads(follower)]).toEqual([true, false])
  await tabs.context.setOffline(true)
  await tabs.add(leader, `${name}: one`)
  await tabs.add(leader, `${name}: two`)
  server.holds.hold({ point: 'received', count: 1 })
  server.holds.hold({ point: 'committed', count: 1 })
  await tabs.context.setOffline(false)
  await soon(() => server.holds.held()).toEqual({ received: 1, committed: 1 })
  return { leader, follower }
}

/** As if that much more time had passed for what is on disk. */
function age(page: Page, ms: number): Promise<void> {
  return page.evaluate(async (by) => {
    const opening = indexedDB.open('board')
    await new Promise((resolve) => {
      opening.onsuccess = resolve
    })
    const writing = opening.result.transaction(['_sync_leader', '_sync_fences'], 'readwrite')
    for (const [table, field] of [
      ['_sync_leader', 'heartbeat'],
      ['_sync_fences', 'sentAt'],
    ] as const) {
      const store = writing.objectStore(table)
      store.openCursor().onsuccess = ({ target }) => {
        const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result
        if (!cursor) return
        cursor.update({ ...cursor.value, [field]: cursor.value[field] - by })
        cursor.continue()
      }
    }
    await new Promise((resolve) => {
      writing.oncomplete = resolve
    })
    opening.result.close()
  }, ms)
}

describe('a leading tab whose process stands still', () => {
  it('is overtaken, and applies nothing twice when it goes on', async () => {
    const { server, tabs } = at
    const { leader, follower } = await onTheirWay('stopped')
    const { goOn } = await standStill(leader, follower)
    try {
      // Longer than a leader that was hidden may be silent, and than a request may take.
      await age(follower, 120_000)
      server.holds.release()
      await tabs.add(follower, 'stopped: of the follower')
      await tabs.change(follower, 'stopped: one', 'changed meanwhile')
      await follower.waitForFunction(() => window.lab.sync.isLeader())
      await follower.evaluate(() => window.lab.settled())
      const titles = (await server.livingCards()).map(({ title }) => title)
      expect(titles).toEqual(
        expect.arrayContaining(['stopped: one', 'stopped: two', 'stopped: of the follower']),
      )
    } finally {
      goOn()
    }
    await soon(() => leads(leader)).toBe(false)
    await tabs.add(leader, 'stopped: after it went on')
    await expectFinalState(server, [tabs])
    expect([await leads(leader), await leads(follower)]).toEqual([false, true])
  })
})
