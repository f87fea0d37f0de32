import type { Bug } from './bug'
import { smallSlices } from './stages'
import { all, busy, deaf, restless, sliced, withoutLocks } from './worlds'

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
  needs: all(busy, restless, withoutLocks, deaf, sliced),
  seeds: { from: 5, within: 20 },
  unitTest: 'test/faults/e-tabs.test.ts',
}
