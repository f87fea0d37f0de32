import type { Bug } from './bug'
import { all, restless, slow, withoutLocks } from './worlds'

export const answerWithoutItsFence: Bug = {
  name: 'answer-without-its-fence',
  patches: [
    {
      file: 'src/push/settle.ts',
      find: 'const current = stored[i]\n      if (current?.epoch !== fence.epoch) continue',
      replace: 'const current = stored[i] ?? fence',
    },
  ],
  noticedBy: 'Q10',
  seeds: { from: 1, within: 20 },
  needs: all(restless, slow, withoutLocks),
  unitTest: 'test/faults/e-tabs.test.ts',
}
