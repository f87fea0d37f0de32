import type { Bug } from './bug'
import { all, idempotent, withFaults } from './worlds'

export const bodyRebuiltOnRetry: Bug = {
  name: 'body-rebuilt-on-retry',
  patches: [
    {
      file: 'src/push/flights.ts',
      find: 'const outcomes = await protocol.push(fence.request, fence.items, {',
      replace: `const rebuilt = await Promise.all(
        fence.items.map(async (item) => {
          const [row] = await this.#term.storage.read([item.table], (tx) => tx.getMany(item.table, [item.key]))
          return { ...item, row: row ?? item.row }
        }),
      )
      const request = fence.resent ? await protocol.freeze(rebuilt, fence.id) : fence.request
      const outcomes = await protocol.push(request, fence.items, {`,
    },
  ],
  noticedBy: 'Q5',
  seeds: { from: 82, within: 1 },
  needs: all(idempotent, withFaults({ 'drop-response': 0.5 })),
  unitTest: 'test/faults/a-writes.test.ts',
}
