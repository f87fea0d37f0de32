import type { Bug } from './bug'
import { all, behind, busy, versioned } from './worlds'

export const noVersionFloor: Bug = {
  name: 'no-version-floor',
  patches: [
    {
      file: 'src/pull/decide.ts',
      find: 'if (state.floor === undefined) return false',
      replace: 'return false',
    },
  ],
  noticedBy: 'Q9',
  needs: all(busy, versioned, behind),
  seeds: { from: 1, within: 20 },
  unitTest: 'test/pull/decide.test.ts',
}
