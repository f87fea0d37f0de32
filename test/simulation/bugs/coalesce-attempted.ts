import type { Bug } from './bug'
import { all, busy, idempotent, withFaults } from './worlds'

export const coalesceAttempted: Bug = {
  name: 'coalesce-attempted',
  patches: [
    {
      file: 'src/push/settle.ts',
      find: "if (outcome.kind === 'retry' && outcome.release && !job.fence.resent)",
      replace:
        "if (outcome.kind === 'unknown' || (outcome.kind === 'retry' && outcome.release && !job.fence.resent))",
    },
  ],
  needs: all(busy, idempotent, withFaults({ 'drop-response': 0.5 })),
  noticedBy: 'Q1',
  seeds: { from: 7, within: 20 },
  unitTest: 'test/hostile/sent-counts-as-sent.test.ts',
}
