import type { Bug } from './bug'
import { all, behind, busy, versioned } from './worlds'

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
  needs: all(busy, versioned, behind),
  seeds: { from: 1, within: 20 },
  unitTest: 'test/hostile/deleted-before-the-answer.test.ts',
}
