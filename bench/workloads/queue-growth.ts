import { answered, expectSame } from '../page/fetching'
import type { SyncedPlace } from '../page/place'
import { rowsFrom } from '../page/rows'
import type { Side, Workload } from '../workload'

const writes = 100

/** Lets this many changes wait, each made by a call of its own. */
async function queue({ rows }: SyncedPlace, count: number): Promise<void> {
  await rows.db.transaction('rw', rows, async () => {
    for (const row of rowsFrom(0, count)) await rows.add(row)
  })
}

function oneMoreWrite(waiting: number): Side {
  return async (place) => {
    const synced = await place.started()
    await queue(synced, waiting)
    const more = rowsFrom(waiting, writes)
    return {
      async run() {
        for (const row of more) await synced.rows.add(row)
      },
      check: async () => expectSame('waiting', await synced.sync.getQueueDepth(), waiting + writes),
    }
  }
}

function drainStart(waiting: number): Side {
  return async (place) => {
    const synced = await place.started({ concurrency: 6 })
    await queue(synced, waiting)
    return {
      async run() {
        const arrived = answered('POST', 100)
        void synced.sync.push()
        await arrived
      },
      check: async () => void (await synced.sync.stop()),
    }
  }
}

export const queueGrowth: readonly Workload[] = [
  {
    name: 'write-at-10k',
    title: 'a write while 10,000 wait : while 100 wait',
    gate: 2.5,
    base: oneMoreWrite(100),
    ours: oneMoreWrite(10_000),
  },
  {
    name: 'drain-start-at-10k',
    title: 'first 100 at the server while 10,000 wait : while 100 wait',
    gate: 2,
    base: drainStart(100),
    ours: drainStart(10_000),
  },
]
