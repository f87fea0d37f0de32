import Dexie, { add, remove, replacePrefix, type Table } from 'dexie'
import type { Prng } from '../../simulation/prng'
import { outbound, type TableName, tableNames } from './schema'
import { drawField, drawKey, drawRow, isGenerated, type Make } from './values'

/** One call of the app, the same on every database it runs on. */
export interface Operation {
  readonly text: string
  readonly table: TableName
  readonly reads: boolean
  run(table: (name: TableName) => Table): PromiseLike<unknown>
}

type Draw = (random: Prng, name: TableName) => (table: Table) => PromiseLike<unknown>

const many = <T>(random: Prng, most: number, draw: () => T): T[] =>
  Array.from({ length: random.between(0, most) }, draw)
const made = <T>(makers: readonly Make<T>[]) => makers.map((make) => make())

/** Keys for tables that keep them outside; undefined lets a generator make them. */
const outsideKeys = (random: Prng, name: TableName, count: number): Make<unknown>[] | undefined =>
  outbound(name)
    ? Array.from({ length: count }, () =>
        isGenerated(name) && random.chance(0.5) ? () => undefined : drawKey(random, name),
      )
    : undefined

function drawChanges(random: Prng, name: TableName): Make<Record<string, unknown>> {
  const field = drawField(random)
  const n = random.between(0, 3)
  const key = drawKey(random, name)
  const changes: Make<Record<string, unknown>>[] = [
    () => ({ title: `t${n}` }),
    () => ({ extra: field() }),
    () => ({ extra: undefined, n }),
    () => ({ 'extra.deep': n }),
    () => ({ n: add(1) }),
    () => ({ tags: add(['t1']) }),
    () => ({ tags: remove(['t1']) }),
    () => ({ title: replacePrefix('t', 'T') }),
    () => ({ code: n + 1 }),
    () => ({}),
  ]
  if (random.chance(0.03)) changes.push(() => ({ extra: () => {} }))
  if (random.chance(0.1) && !outbound(name))
    changes.push(() => (name === 'deep' ? { 'meta.id': key() } : name === 'pairs' ? { a: 3 } : { id: key() }))
  return random.pick(changes)
}

const single =
  (method: 'add' | 'put'): Draw =>
  (random, name) => {
    const row = drawRow(random, name)
    const keys = outsideKeys(random, name, 1)
    const touched = random.chance(0.3)
    return (table) => {
      const given = row()
      const writing = table[method](given as never, keys?.[0]?.() as never)
      // What the app does to its object after the call is no part of the call.
      if (touched && typeof given === 'object') (given as Record<string, unknown>).n = 99
      return writing
    }
  }

const bulk =
  (method: 'bulkAdd' | 'bulkPut'): Draw =>
  (random, name) => {
    const rows = many(random, random.chance(0.05) ? 60 : 5, () => drawRow(random, name))
    const keys = outsideKeys(random, name, rows.length)
    const allKeys = random.chance(0.5)
    return (table) =>
      keys
        ? table[method](made(rows) as never, made(keys) as never, { allKeys } as never)
        : table[method](made(rows) as never, { allKeys } as never)
  }

const changeFunctions: ((row: Record<string, unknown>, ref: { value: unknown }) => unknown)[] = [
  (row) => {
    row.n = (Number(row.n) || 0) + 1
  },
  (row) => {
    if (row.extra instanceof Date) row.extra.setTime(77)
    if (row.extra instanceof Map) row.extra.set('k', 1)
    if (row.extra instanceof Set) row.extra.clear()
    if (row.extra instanceof Uint8Array) row.extra[0] = 99
  },
  (_row, ref) => {
    ref.value = { ...(ref.value as object), replaced: true }
  },
  (row, ref) => {
    if (row.n === 1) ref.value = undefined
    else row.kept = true
  },
  () => false,
  (row) => {
    delete row.title
    row.extra = { fresh: [1] }
  },
]

/** A collection: a key range, an index, a filter, everything. */
function drawCollection(random: Prng, name: TableName) {
  const key = drawKey(random, name)
  const n = random.between(0, 3)
  const some = many(random, 3, () => drawKey(random, name))
  const indexed = 'n'
  return random.pick<(table: Table) => ReturnType<Table['toCollection']>>([
    (table) => table.where(':id').equals(key() as never),
    (table) => table.where(':id').above(key() as never),
    (table) => table.where(':id').anyOf(made(some) as never),
    (table) => (name === 'notes' ? table.toCollection() : table.where(indexed).equals(n)),
    (table) =>
      name === 'notes' ? table.filter((row) => row?.n === n) : table.where(indexed).aboveOrEqual(n),
    (table) => table.toCollection(),
    (table) => table.filter((row) => row?.n === n),
    (table) => table.toCollection().limit(2),
    (table) => table.toCollection().reverse().limit(1),
    (table) => table.toCollection().offset(1),
  ])
}

const writers: Record<string, [weight: number, draw: Draw]> = {
  add: [4, single('add')],
  put: [4, single('put')],
  bulkAdd: [3, bulk('bulkAdd')],
  bulkPut: [3, bulk('bulkPut')],
  update: [
    4,
    (random, name) => {
      const [key, changes] = [drawKey(random, name), drawChanges(random, name)]
      return (table) => table.update(key() as never, changes() as never)
    },
  ],
  upsert: [
    3,
    (random, name) => {
      const [key, changes] = [drawKey(random, name), drawChanges(random, name)]
      return (table) => table.upsert(key() as never, changes() as never)
    },
  ],
  bulkUpdate: [
    3,
    (random, name) => {
      const updates = many(random, 4, () => [drawKey(random, name), drawChanges(random, name)] as const)
      return (table) =>
        table.bulkUpdate(updates.map(([key, changes]) => ({ key: key(), changes: changes() })) as never)
    },
  ],
  modify: [
    4,
    (random, name) => {
      const rows = drawCollection(random, name)
      const change = random.chance(0.5) ? drawChanges(random, name) : undefined
      const fn = random.pick(changeFunctions)
      return (table) => rows(table).modify(change ? change() : (fn as never))
    },
  ],
  delete: [
    3,
    (random, name) => {
      const key = drawKey(random, name)
      return (table) => table.delete(key() as never)
    },
  ],
  bulkDelete: [
    2,
    (random, name) => {
      const keys = many(random, 4, () => drawKey(random, name))
      return (table) => table.bulkDelete(made(keys) as never)
    },
  ],
  deleteSome: [
    3,
    (random, name) => {
      const rows = drawCollection(random, name)
      return (table) => rows(table).delete()
    },
  ],
  clear: [0.5, () => (table) => table.clear()],
}

const readers: Record<string, [weight: number, draw: Draw]> = {
  get: [
    3,
    (random, name) => {
      const key = drawKey(random, name)
      return (table) => table.get(key() as never)
    },
  ],
  bulkGet: [
    2,
    (random, name) => {
      const keys = many(random, 3, () => drawKey(random, name))
      return (table) => table.bulkGet(made(keys) as never)
    },
  ],
  toArray: [
    3,
    (random, name) => {
      const rows = drawCollection(random, name)
      return (table) => rows(table).toArray()
    },
  ],
  count: [
    1,
    (random, name) => {
      const rows = drawCollection(random, name)
      return (table) => rows(table).count()
    },
  ],
  primaryKeys: [
    1,
    (random, name) => {
      const rows = drawCollection(random, name)
      return (table) => rows(table).primaryKeys()
    },
  ],
  each: [
    1,
    (random, name) => {
      const rows = drawCollection(random, name)
      return (table) => {
        const seen: unknown[] = []
        return rows(table)
          .each((_row, cursor) => seen.push(cursor.primaryKey))
          .then(() => seen)
      }
    },
  ],
}

function drawWeighted(random: Prng, from: Record<string, [weight: number, draw: Draw]>): [string, Draw] {
  const entries = Object.entries(from)
  let point = random.next() * entries.reduce((sum, [, [weight]]) => sum + weight, 0)
  for (const [name, [weight, draw]] of entries) {
    point -= weight
    if (point < 0) return [name, draw]
  }
  return [entries[0]![0], entries[0]![1][1]]
}

/** One call on one of these tables. */
export function drawOperation(
  random: Prng,
  reads: boolean,
  among: readonly TableName[] = tableNames,
): Operation {
  const table = random.pick(among)
  const [name, draw] = drawWeighted(random, reads ? readers : writers)
  const run = draw(random, table)
  return {
    text: `${table}.${name}`,
    table,
    reads,
    // A call may throw before it makes a promise: an app would see that as a rejection as well.
    run: (on) => new Dexie.Promise((resolve) => resolve(run(on(table)) as never)),
  }
}
