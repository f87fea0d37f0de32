import { expectSame } from '../page/fetching'
import type { RawPlace } from '../page/place'
import { rowsFrom } from '../page/rows'
import type { Measured, Workload } from '../workload'

const count = 1000

function adds({ rows }: RawPlace): Measured {
  const all = rowsFrom(0, count)
  return {
    async run() {
      for (const row of all) await rows.add(row)
    },
    check: async () => expectSame('rows', await rows.count(), count),
  }
}

export const singleAdds: Workload = {
  name: 'adds',
  title: '1,000 single adds : raw Dexie',
  gate: 1.35,
  base: async (place) => adds(await place.raw()),
  ours: async (place) => adds(await place.captured()),
}
