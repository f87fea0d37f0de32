import { expectSame } from '../page/fetching'
import type { RawPlace } from '../page/place'
import { type BenchRow, rowsFrom } from '../page/rows'
import type { Measured, Workload } from '../workload'

const count = 10_000

type Bulk = (place: RawPlace) => Promise<Measured>

function bulk(
  prepare: (place: RawPlace) => Promise<unknown>,
  work: (place: RawPlace, all: BenchRow[]) => PromiseLike<unknown>,
  left = count,
): Bulk {
  return async (place) => {
    await prepare(place)
    const all = rowsFrom(0, count).map((row): BenchRow => ({ ...row, title: 'written in bulk' }))
    return {
      run: async () => void (await work(place, all)),
      check: async () => expectSame('rows', await place.rows.count(), left),
    }
  }
}

const empty = async () => {}
const filled = async ({ rows }: RawPlace) => rows.bulkAdd(rowsFrom(0, count))

function workload(name: string, title: string, run: Bulk, gate?: number): Workload {
  return {
    name,
    title: `${title} : raw Dexie`,
    ...(gate !== undefined && { gate }),
    base: async (place) => run(await place.raw()),
    ours: async (place) => run(await place.captured()),
  }
}

export const bulkWrites: readonly Workload[] = [
  workload(
    'bulk-add',
    'bulkAdd of 10,000',
    bulk(empty, ({ rows }, all) => rows.bulkAdd(all)),
    1.2,
  ),
  workload(
    'bulk-put-new',
    'bulkPut of 10,000 new rows',
    bulk(empty, ({ rows }, all) => rows.bulkPut(all)),
    1.7,
  ),
  workload(
    'bulk-put-old',
    'bulkPut over 10,000 rows',
    bulk(filled, ({ rows }, all) => rows.bulkPut(all)),
    1.4,
  ),
  workload(
    'clear',
    'clear of 10,000',
    bulk(filled, ({ rows }) => rows.clear(), 0),
  ),
]
