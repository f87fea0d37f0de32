import type { Bug } from './bug'
import { all, busy } from './worlds'

/** A kill must fall between the two commits: the reason why kills are indexed by step. */
export const nonAtomicCapture: Bug = {
  name: 'non-atomic-capture',
  patches: [
    {
      file: 'src/capture/log-queue.ts',
      find: 'const answer = this.log.mutate(request)',
      replace: `
        const late = () => {
          const { db } = this.trans as IDBTransaction
          const values = [...request.values]
          ;(this.trans as IDBTransaction).addEventListener('complete', () => {
            const store = db.transaction('_sync_log', 'readwrite').objectStore('_sync_log')
            for (const value of values) store.add(value)
          })
          return Promise.resolve({ numFailures: 0, failures: {}, lastResult: 1e6, results: [1e6] })
        }
        const answer = request.type === 'add' ? late() : this.log.mutate(request)`,
    },
  ],
  noticedBy: 'Q1',
  seeds: { from: 3, within: 20 },
  needs: all(busy, (config) => ({ ...config, disruption: 0.4 })),
  unitTest: 'test/capture/failures.test.ts',
}
