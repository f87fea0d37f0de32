import type { Bug } from './bug'
import { all, busy } from './worlds'

export const scopeNotChecked: Bug = {
  name: 'scope-not-checked',
  patches: [
    {
      file: 'src/engine/standing.ts',
      find: "if (identity === current) return 'ours'",
      replace: "if (identity !== '') return 'ours'",
    },
  ],
  noticedBy: 'Q12',
  seeds: { from: 8, within: 20 },
  needs: all(busy, (config) => ({
    ...config,
    severalUsers: true,
    disruption: 0.25,
    logins: { ...config.logins, needed: true },
  })),
  unitTest: 'test/engine/standing.test.ts',
}
