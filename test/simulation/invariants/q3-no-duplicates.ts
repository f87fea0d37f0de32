import type { Invariant } from './invariant'

/**
 * No device creates a record twice where the backend gives what that rests on: Idempotency-Key or keys made by the
 * app. A record that was deleted may be created again, by each device whose edit has won over the deletion. And no two
 * effects share an Idempotency-Key.
 */
export const noDuplicates: Invariant = {
  name: 'Q3 nothing is created twice',
  judge({ history, idempotent, clientKeys }, reach) {
    const broken: string[] = []
    const living = new Map<string, Set<string>>()
    const keys = new Set<string>()
    for (const { method, table, row, before, idempotencyKey, device } of history.effects) {
      if (idempotent && idempotencyKey !== undefined) {
        if (keys.has(idempotencyKey)) broken.push(`two effects under the Idempotency-Key ${idempotencyKey}`)
        keys.add(idempotencyKey)
      }
      const birth = `${table} ${String((before ?? row).birth)}`
      if (method === 'DELETE') living.delete(birth)
      if (method !== 'POST') continue
      reach()
      const makers = living.get(birth) ?? new Set()
      if (makers.has(device) && (idempotent || clientKeys.has(table))) {
        broken.push(`${birth} was created twice by ${device}`)
      }
      living.set(birth, makers.add(device))
    }
    return broken
  },
}
