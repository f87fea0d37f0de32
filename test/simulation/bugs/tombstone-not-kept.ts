import type { Bug } from './bug'
import { all, busy, ordered, slow, unlooked } from './worlds'

export const tombstoneNotKept: Bug = {
  name: 'tombstone-not-kept',
  patches: [
    {
      file: 'src/push/settlement.ts',
      find: '...(base === null && { tombstone: true as const }), settledAt: now }',
      replace: 'settledAt: now }',
    },
    {
      file: 'src/pull/carry-out.ts',
      find: 'if (remote !== null || waiting.length > 0',
      replace: 'if (remote === null || waiting.length >= 0',
    },
  ],
  noticedBy: 'Q9',
  needs: all(busy, slow, unlooked, ordered),
  unitTest: 'test/hostile/deleted-before-the-answer.test.ts',
}
