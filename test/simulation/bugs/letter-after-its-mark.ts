import type { Bug } from './bug'

export const letterAfterItsMark: Bug = {
  name: 'letter-after-its-mark',
  patches: [
    {
      file: 'src/push/refuse.ts',
      find: '{ outbox, env, emit }: Pick',
      replace: '{ outbox, env, emit, storage }: Pick',
    },
    {
      file: 'src/push/refuse.ts',
      find: "batch.put('_sync_letters', id, letter)",
      replace: '',
    },
    {
      file: 'src/push/refuse.ts',
      find: 'held()',
      replace: `held()
        storage.write(['_sync_letters'], (late: Tx) => late.put('_sync_letters', [letter])).catch(() => {})`,
    },
  ],
  noticedBy: 'Q11',
  seeds: { from: 2, within: 8 },
  needs: (config) => ({ ...config, poison: 0.2 }),
  unitTest: 'test/faults/d-letters.test.ts',
}
