import type { Bug } from './bug'

export const noLookback: Bug = {
  name: 'no-lookback',
  patches: [
    {
      file: 'src/protocol/rest/keyset.ts',
      find: 'if (overlap === 0 || position.settled) return',
      replace: 'return',
    },
  ],
  noticedBy: 'Q2',
  unitTest: 'test/protocol/rest/pull-keyset.test.ts',
}
