import type { Bug } from './bug'

export const refusalRetried: Bug = {
  name: 'refusal-retried',
  patches: [
    {
      file: 'src/transport/classify.ts',
      find: "return { kind: 'rejected', code: speaksOfKey(body) ? 'key-reused' : 'rejected' }",
      replace: "return { kind: 'retry', code: 'rejected', spends: true }",
    },
  ],
  noticedBy: 'Q13',
  seeds: { from: 2, within: 10 },
  needs: (config) => ({ ...config, poison: 0.2 }),
  unitTest: 'test/protocol/rest/outcome.test.ts',
}
