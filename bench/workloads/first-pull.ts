import { expectSame, send } from '../page/fetching'
import type { BenchRow } from '../page/rows'
import type { Workload } from '../workload'

const count = 10_000
const pageSize = 1000

export const firstPull: Workload = {
  name: 'first-pull',
  title: 'first pull of 10,000 rows : raw Dexie bulkPut of the same pages',
  gate: 1.15,
  async base(place) {
    const { rows } = await place.raw()
    await place.fill(count)
    return {
      async run() {
        for (let after = ''; ; ) {
          const page = (await send('GET', `/api/rows?updated_after=${after}&limit=${pageSize}`)) as BenchRow[]
          await rows.bulkPut(page)
          if (page.length < pageSize) return
          after = page.at(-1)!.updatedAt
        }
      },
      check: async () => expectSame('rows', await rows.count(), count),
    }
  },
  async ours(place) {
    const { rows, sync } = await place.captured()
    await place.fill(count)
    return {
      // From the start: the tab is elected and looks for earlier rows as well.
      async run() {
        const synced = new Promise<void>((resolve) => {
          sync.once('sync-complete', () => resolve())
        })
        await sync.start()
        await synced
      },
      check: async () => expectSame('rows', await rows.count(), count),
    }
  },
}
