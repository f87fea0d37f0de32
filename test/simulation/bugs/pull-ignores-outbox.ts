import type { Bug } from './bug'
import { slow } from './worlds'

export const pullIgnoresOutbox: Bug = {
  name: 'pull-ignores-outbox',
  patches: [
    {
      file: 'src/pull/decide.ts',
      find: 'if (waiting.length === 0) {\n    if (sameValue(remote, local) ||',
      replace: '{\n    if (sameValue(remote, local) ||',
    },
  ],
  noticedBy: 'Q9',
  seeds: { from: 1, within: 20 },
  needs: slow,
  unitTest: 'test/pull/decide.test.ts',
}
