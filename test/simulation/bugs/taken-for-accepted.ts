import type { Bug } from './bug'
import { busy } from './worlds'

export const takenForAccepted: Bug = {
  name: 'taken-for-accepted',
  patches: [
    {
      file: 'src/push/flights.ts',
      find: 'const outcomes = await protocol.push(',
      replace: `if (fence.items.every(({ kind }) => kind === 'update')) return [{ kind: 'accepted' }]
        const outcomes = await protocol.push(`,
    },
  ],
  needs: busy,
  noticedBy: 'Q1',
  seeds: { from: 1, within: 20 },
  unitTest: 'test/journeys/offline-first.test.ts',
}
