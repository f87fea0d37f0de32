import type { Bug } from './bug'
import { all, busy } from './worlds'

export const pageLosesARow: Bug = {
  name: 'page-loses-a-row',
  patches: [
    {
      file: 'src/pull/apply.ts',
      find: 'for (const { table, key, row } of fresh) writeRow(',
      replace: 'for (const { table, key, row } of fresh.length > 1 ? fresh.slice(1) : fresh) writeRow(',
    },
  ],
  needs: all(busy, (config) => ({ ...config, devices: 3, pageSize: 50 })),
  noticedBy: 'Q6',
  seeds: { from: 1, within: 20 },
  unitTest: 'test/journeys/first-pull.test.ts',
}
