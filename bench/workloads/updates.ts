import { expectSame } from '../page/fetching'
import type { RawPlace } from '../page/place'
import { rowsFrom } from '../page/rows'
import type { Measured, Workload } from '../workload'

const count = 1000

async function updates({ rows }: RawPlace): Promise<Measured> {
  const all = rowsFrom(0, count)
  await rows.bulkAdd(all)
  return {
    async run() {
      for (const { id } of all) await rows.update(id, { title: `changed ${id}` })
    },
    check: async () =>
      expectSame(
        'changed rows',
        await rows.filter(({ title }) => title.startsWith('changed')).count(),
        count,
      ),
  }
}

export const singleUpdates: Workload = {
  name: 'updates',
  title: '1,000 single updates : raw Dexie',
  gate: 1.45,
  base: async (place) => updates(await place.raw()),
  ours: async (place) => updates(await place.captured()),
}
