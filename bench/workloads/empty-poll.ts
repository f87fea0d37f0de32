import { expectSame, send } from '../page/fetching'
import { rowAt } from '../page/rows'
import type { Workload } from '../workload'

const count = 10_000
const polls = 50

/** What a poll asks for: the last row again, since the server may compare with `>=`. */
const last = `/api/rows?updated_after=${rowAt(count - 1).updatedAt}&limit=1000`

export const emptyPoll: Workload = {
  name: 'empty-poll',
  title: 'empty poll over 10,000 rows : one fetch',
  gate: 1.5,
  async base(place) {
    await place.fill(count)
    await send('GET', last)
    return {
      async run() {
        for (let i = 0; i < polls; i++) await send('GET', last)
      },
    }
  },
  async ours(place) {
    const { rows, sync } = await place.started()
    await place.fill(count)
    await sync.pull()
    await place.fill(count)
    return {
      async run() {
        for (let i = 0; i < polls; i++) await sync.pull()
      },
      async check() {
        expectSame('requests', (await place.asked()).GET, polls)
        expectSame('rows', await rows.count(), count)
      },
    }
  },
}
