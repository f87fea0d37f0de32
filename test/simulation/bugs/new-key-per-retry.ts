import type { Bug } from './bug'
import { all, busy, idempotent, withFaults } from './worlds'

export const newKeyPerRetry: Bug = {
  name: 'new-key-per-retry',
  patches: [
    {
      file: 'src/protocol/rest/rest.ts',
      find: "'idempotency-key': id }",
      replace: "'idempotency-key': id + now() }",
    },
  ],
  needs: all(busy, idempotent, withFaults({ 'drop-response': 0.25 })),
  noticedBy: 'Q3',
  seeds: { from: 2, within: 20 },
  unitTest: 'test/faults/a-writes.test.ts',
}
