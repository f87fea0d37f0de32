import type { Bug } from './bug'
import { all, busy, restless, slow, withoutLocks } from './worlds'

export const epochNotChecked: Bug = {
  name: 'epoch-not-checked',
  patches: [
    {
      file: 'src/outbox/leader-check.ts',
      find: 'if (!(await isCurrent(tx, epoch))) throw new TermOver()',
      replace: 'await isCurrent(tx, epoch)',
    },
  ],
  needs: all(busy, restless, slow, withoutLocks),
  noticedBy: 'Q10',
  seeds: { from: 1, within: 20 },
  unitTest: 'test/faults/e-tabs.test.ts',
}
