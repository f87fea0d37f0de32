import { fairServer } from '../server-weather'
import type { Bug } from './bug'

export const noLookback: Bug = {
  name: 'no-lookback',
  patches: [
    {
      file: 'src/protocol/rest/keyset.ts',
      find: 'if (overlap === 0 || (settled && now - since >= longestLag)) return',
      replace: 'return',
    },
  ],
  noticedBy: 'Q2',
  seeds: { from: 1, within: 12 },
  needs: (config) => ({ ...config, serverWeather: { ...fairServer, late: 9_000 } }),
  unitTest: 'test/protocol/rest/pull-keyset.test.ts',
}
