import type { Bug } from './bug'
import { all, busy, withFaults } from './worlds'

export const htmlAcked: Bug = {
  name: 'html-acked',
  patches: [
    {
      file: 'src/transport/classify.ts',
      find: "case 'markup':\n    case 'text':",
      replace: "case 'markup':\n      return { kind: 'ok' }\n    case 'text':",
    },
  ],
  needs: all(busy, withFaults({ portal: 0.2 })),
  noticedBy: 'Q1',
  seeds: { from: 1, within: 20 },
  unitTest: 'test/journeys/hostile-answers.test.ts',
}
