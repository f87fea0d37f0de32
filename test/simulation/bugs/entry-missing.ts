import type { Bug } from './bug'
import { busy } from './worlds'

export const entryMissing: Bug = {
  name: 'entry-missing',
  patches: [
    {
      file: 'src/capture/transaction.ts',
      find: 'changes: piece,',
      replace: 'changes: piece.length > 1 ? piece.slice(1) : piece,',
    },
  ],
  needs: busy,
  noticedBy: 'Q11',
  seeds: { from: 1, within: 20 },
  unitTest: 'test/capture/capture.test.ts',
}
