import type { Bug } from './bug'
import { busy } from './worlds'

export const checkpointBeforeRows: Bug = {
  name: 'checkpoint-before-rows',
  patches: [
    {
      file: 'src/pull/apply.ts',
      find: 'let conflicts = 0\n  for (',
      replace: `let conflicts = 0
        await term.storage.write(['_sync_checkpoints'], (tx) => tx.put('_sync_checkpoints', [to]))
        for (`,
    },
    {
      file: 'src/pull/apply.ts',
      find: 'await checkCheckpoint(tx, scope, from)',
      replace: '',
    },
  ],
  needs: busy,
  noticedBy: 'Q6',
  seeds: { from: 3, within: 20 },
  unitTest: 'test/pull/one-transaction.test.ts',
}
