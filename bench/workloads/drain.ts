import { createAll, expectSame } from '../page/fetching'
import type { Place, SyncedPlace } from '../page/place'
import { rowsFrom } from '../page/rows'
import type { Measured, Side, Workload } from '../workload'

const concurrency = 6

function fetchOnly(count: number): Side {
  return async (place) => ({
    run: () => createAll(rowsFrom(0, count), concurrency),
    check: () => expectArrived(place, count),
  })
}

async function expectArrived(place: Place, count: number): Promise<void> {
  expectSame('requests', (await place.asked()).POST, count)
}

function drain(count: number, batchSize: number, write: (place: SyncedPlace) => Promise<void>): Side {
  return async (place): Promise<Measured> => {
    const synced = await place.started({ concurrency, batchSize })
    await write(synced)
    await place.fill(0)
    return {
      run: async () => void (await synced.sync.push()),
      async check() {
        await expectArrived(place, count)
        expectSame('waiting', await synced.sync.getQueueDepth(), 0)
      },
    }
  }
}

async function addSingly({ rows }: SyncedPlace): Promise<void> {
  for (const row of rowsFrom(0, 1000)) await rows.add(row)
}

async function putAtOnce({ rows }: SyncedPlace): Promise<void> {
  await rows.bulkPut(rowsFrom(0, 10_000))
}

export const drains: readonly Workload[] = [
  {
    name: 'drain',
    title: 'drain of 1,000 creates, 6 at once : fetch only, 6 at once',
    gate: 1.35,
    base: fetchOnly(1000),
    ours: drain(1000, 10, addSingly),
  },
  {
    name: 'long-drain',
    title: 'drain of one bulkPut of 10,000, 6 at once : fetch only, 6 at once',
    rounds: 2,
    base: fetchOnly(10_000),
    ours: drain(10_000, 10, putAtOnce),
  },
]
