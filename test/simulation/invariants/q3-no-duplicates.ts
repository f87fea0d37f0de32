import type { Invariant } from './invariant'

/**
 * Nothing is created twice where the backend gives what that rests on: Idempotency-Key or keys made by the app. A
 * record that was deleted may be created again. And no two effects share an Idempotency-Key.
 */
export const noDuplicates: Invariant = {
  name: 'Q3 nothing is created twice',
  judge({ history, idempotent, clientKeys }) {
    const broken: string[] = []
    const living = new Set<string>()
    const keys = new Set<string>()
    for (const { method, table, row, before, idempotencyKey } of history.effects) {
      if (idempotent && idempotencyKey !== undefined) {
        if (keys.has(idempotencyKey)) broken.push(`two effects under the Idempotency-Key ${idempotencyKey}`)
        keys.add(idempotencyKey)
      }
      const birth = `${table} ${String(row.birth)}`
      if (method === 'DELETE') living.delete(`${table} ${String(before?.birth)}`)
      if (method !== 'POST') continue
      if (living.has(birth) && (idempotent || clientKeys.has(table)))
        broken.push(`${birth} was created twice`)
      living.add(birth)
    }
    return broken
  },
}
