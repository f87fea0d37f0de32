import { setTimeout as sleep } from 'node:timers/promises'
import type { CDPSession, Page } from 'playwright'

/** What a page at rest holds. */
export interface Vitals {
  /** MB of the heap after a collection. */
  readonly heap: number
  readonly listeners: number
  /** Channels open in the page. */
  readonly channels: number
  /** Locks held or waited for on its device. */
  readonly locks: readonly string[]
}

/**
 * The least of several looks: a look may meet a cycle, which asks for changes every 2 s and holds things for some
 * milliseconds. What leaks is in every look.
 */
const looks = 6

export async function takeVitals(page: Page): Promise<Vitals> {
  const session = await page.context().newCDPSession(page)
  try {
    await session.send('Performance.enable')
    let least = await look(session)
    for (let number = 1; number < looks; number += 1) {
      await sleep(250)
      const { heap, listeners } = await look(session)
      least = { heap: Math.min(heap, least.heap), listeners: Math.min(listeners, least.listeners) }
    }
    return { ...least, ...(await page.evaluate(() => window.soak.vitals())) }
  } finally {
    await session.detach()
  }
}

async function look(session: CDPSession): Promise<Pick<Vitals, 'heap' | 'listeners'>> {
  // What the first collection sets free by finalizers, the second takes away.
  for (let round = 0; round < 2; round += 1) await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { metrics } = await session.send('Performance.getMetrics')
  const listeners = metrics.find(({ name }) => name === 'JSEventListeners')
  if (!listeners) throw new Error('Chromium counts no listeners')
  return { heap: usedSize / 2 ** 20, listeners: listeners.value }
}
