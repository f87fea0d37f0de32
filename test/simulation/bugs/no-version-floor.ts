import type { Bug } from './bug'
import { all, busy, ordered, slow, unlooked } from './worlds'

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
  needs: all(busy, slow, unlooked, ordered),
  unitTest: 'test/pull/decide.test.ts',
}
