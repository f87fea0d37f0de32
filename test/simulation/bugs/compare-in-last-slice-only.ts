import type { Bug } from './bug'
import { smallSlices, withoutLocks } from './stages'
import { all, restless, slow } from './worlds'

export const compareInLastSliceOnly: Bug = {
  name: 'compare-in-last-slice-only',
  patches: [
    {
      file: 'src/pull/apply.ts',
      find: 'await checkEpoch(tx, term.epoch)\n    await checkCheckpoint(tx, scope, from)',
      replace: `if (last) {
      await checkEpoch(tx, term.epoch)
      await checkCheckpoint(tx, scope, from)
    }`,
    },
  ],
  stage: [...withoutLocks, ...smallSlices],
  noticedBy: 'Q10',
  needs: all(restless, slow, (config) => ({ ...config, pageSize: 50 })),
  unitTest: 'test/faults/e-tabs.test.ts',
}
