import type { Bug } from './bug'
import { withFaults } from './worlds'

export const retryAfterIgnored: Bug = {
  name: 'retry-after-ignored',
  patches: [
    {
      file: 'src/outbox/origin.ts',
      find: 'asked === undefined ? 0 : now + this.#waits.asked(asked)',
      replace: '0',
    },
  ],
  noticedBy: 'Q13',
  seeds: { from: 1, within: 10 },
  needs: withFaults({ busy: 0.2 }),
  unitTest: 'test/journeys/retry-after.test.ts',
}
