import type { Bug } from './bug'
import { busy } from './worlds'

export const sentTwice: Bug = {
  name: 'sent-twice',
  patches: [
    {
      file: 'src/push/flights.ts',
      find: 'const outcomes = await protocol.push(',
      replace: `void protocol.push(fence.request, fence.items, { id: fence.id, signal: over, probe: true })
        const outcomes = await protocol.push(`,
    },
  ],
  needs: busy,
  noticedBy: 'Q10',
  seeds: { from: 1, within: 20 },
  unitTest: 'test/journeys/offline-first.test.ts',
}
