import type { Bug } from './bug'
import { all, restless, slow, withoutLocks } from './worlds'

export const ackWithoutEpoch: Bug = {
  name: 'ack-without-epoch',
  patches: [
    {
      file: 'src/push/settle.ts',
      find: 'if (current?.epoch !== fence.epoch) continue',
      replace: 'if (!current) continue',
    },
  ],
  noticedBy: 'Q10',
  seeds: { from: 1, within: 20 },
  needs: all(restless, slow, withoutLocks),
  unitTest: 'test/faults/e-tabs.test.ts',
}
