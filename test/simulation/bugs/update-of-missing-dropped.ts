import type { Bug } from './bug'
import { all, busy, slow, unlooked } from './worlds'

export const updateOfMissingDropped: Bug = {
  name: 'update-of-missing-dropped',
  patches: [
    {
      file: 'src/protocol/rest/outcome.ts',
      find: "if (item.kind === 'update') return { kind: 'conflict', remote: null, reason }",
      replace: "if (item.kind === 'update') return { kind: 'accepted', gone: true }",
    },
  ],
  noticedBy: 'Q1',
  seeds: { from: 2, within: 20 },
  needs: all(busy, slow, unlooked),
  unitTest: 'test/protocol/rest/outcome.test.ts',
}
