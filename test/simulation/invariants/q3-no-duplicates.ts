import type { Invariant } from './invariant'

/**
 * Nothing is created twice where the backend gives what that rests on: Idempotency-Key or keys made by the app. And
 * no two effects share an Idempotency-Key.
 */
export const noDuplicates: Invariant = {
  name: 'Q3 nothing is created twice',
  judge({ history, idempotent, clientKeys }) {
    const inserts = new Map<string, number>()
    const keys = new Map<string, number>()
    for (const { method, table, row, idempotencyKey, device } of history.effects) {
      if (device === 'server') continue
      if (method === 'POST' && (idempotent || clientKeys.has(table)))
        count(inserts, `${table} ${String(row.birth)}`)
      if (idempotent && idempotencyKey !== undefined) count(keys, idempotencyKey)
    }
    return [
      ...repeated(inserts).map(([birth, times]) => `${birth} was created ${times} times`),
      ...repeated(keys).map(([key, times]) => `${times} effects under the Idempotency-Key ${key}`),
    ]
  },
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function repeated(counts: Map<string, number>): [string, number][] {
  return [...counts].filter(([, times]) => times > 1)
}
