import type { Bug } from './bug'
import { smallSlices } from './stages'
import { all, restless, sliced, slow, withoutLocks } from './worlds'

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
  stage: smallSlices,
  noticedBy: 'Q10',
  needs: all(restless, slow, withoutLocks, sliced),
  seeds: { from: 3, within: 20 },
  unitTest: 'test/faults/e-tabs.test.ts',
}
