import type { Prng } from '../../simulation/prng'
import { outbound, Post, type TableName } from './schema'

/** Makes the same value anew each time: Dexie writes keys into the objects it is given. */
export type Make<T> = () => T

const bytes = (n: number) => new Uint8Array([n, 2, 3])

/** A key that rows of the table are likely to have. */
export function drawKey(random: Prng, table: TableName): Make<unknown> {
  if (random.chance(0.02))
    return random.pick([() => Number.NaN, () => ({}), () => true, () => new Date(Number.NaN)])
  const n = random.between(1, 4)
  switch (table) {
    case 'pairs': {
      const b = random.pick(['x', 'y'])
      return () => [n, b]
    }
    case 'posts':
    case 'notes':
      if (random.chance(0.15))
        return random.pick<Make<unknown>>([
          () => new Date(5),
          () => bytes(n),
          () => -0,
          () => 0,
          () => 'a',
          () => [1, 'a'],
          () => -3,
        ])
  }
  return () => n
}

/** Field values of every kind IndexedDB keeps. */
export function drawField(random: Prng): Make<unknown> {
  const n = random.between(0, 3)
  return random.pick<Make<unknown>>([
    () => n,
    () => `v${n}`,
    () => null,
    () => undefined,
    () => new Date(n),
    () => bytes(n),
    () => new Map([[n, { n }]]),
    () => new Set([n]),
    () => ({ a: n, b: { c: [n] } }),
    () => [n, undefined, { n }],
    () => -0,
    () => BigInt(n),
    () => /x/g,
  ])
}

/** A whole row, with its key where the table keeps it inside; `withKey` false leaves it to a generator. */
export function drawRow(random: Prng, table: TableName, withKey = true): Make<unknown> {
  if (outbound(table) && random.chance(0.1))
    return random.pick<Make<unknown>>([() => 'text', () => [1, 2], () => 7])
  const key = drawKey(random, table)
  const title = random.pick(['one', 'two', 'three'])
  const n = random.between(0, 3)
  const code = random.between(1, 6)
  const extra = random.chance(0.5) ? drawField(random) : undefined
  const bad = random.chance(0.03)
  const asClass = random.chance(0.1)
  const hasKey = withKey && !(isGenerated(table) && random.chance(0.6))
  return () => {
    const row: Record<string, unknown> = asClass ? (new Post() as never) : {}
    row.title = title
    row.n = n
    if (table === 'posts') row.tags = [title, `t${n}`]
    if (table === 'tasks' && code < 5) row.code = code
    if (extra) row.extra = extra()
    if (bad) row.extra = () => {}
    if (hasKey) putKey(row, table, key())
    return row
  }
}

export const isGenerated = (table: TableName) =>
  table === 'tasks' || table === 'counted' || table === 'drafts'

/** Sets the key inside a row, where the table keeps it there. */
export function putKey(row: Record<string, unknown>, table: TableName, key: unknown): void {
  if (outbound(table)) return
  if (table === 'pairs' && Array.isArray(key)) [row.a, row.b] = key
  else if (table === 'deep') row.meta = { id: key }
  else row.id = key
}
