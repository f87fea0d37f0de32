import Dexie, { type Table } from 'dexie'
import { isTemporary } from '../../../src/keys/temporary'
import type { Key, Row } from '../../../src/model/change'
import { type Prng, prng } from '../../simulation/prng'
import { captureOn, freshName } from '../support'
import { type Rows, replay } from './replay'
import { rowsIn, rowsText } from './rows'
import { errorText, textOf } from './text'

/** Rows carry a serial number: what tells them apart where the keys differ. */
const stores = { tasks: '++id, &code, n, s', counted: '++, n, s' }
const names = ['tasks', 'counted'] as const
type Name = (typeof names)[number]

/** Keys by table and serial number, as one database made them. */
class Keys {
  readonly #keys = new Map<string, Key>()

  set(name: Name, serial: unknown, key: Key): void {
    this.#keys.set(`${name} ${String(serial)}`, key)
  }

  /** A key no row has, where the row was never made. */
  get(name: Name, serial: number): Key {
    return this.#keys.get(`${name} ${serial}`) ?? 999_999
  }
}

type Call = (table: Table, keys: Keys) => PromiseLike<unknown>
type Step =
  | { readonly kind: 'call'; readonly name: Name; readonly text: string; readonly call: Call }
  | { readonly kind: 'transaction'; readonly groups: readonly (readonly Step[])[]; readonly throws: boolean }

/** Runs the same sequence on a plain and on a synced database whose keys the server makes; temporary keys are forgiven. */
export async function compareServerKeyedSeed(seed: number): Promise<void> {
  const steps = drawSteps(prng(seed, 'server-keyed'))
  const fail = (what: string) => new Error(`seed ${seed}: ${what}\n${steps.map(stepText).join('\n')}`)
  const [plain, synced] = [declared(), declared()]
  const { log } = captureOn(synced, { tasks: 'server', counted: 'server' })
  try {
    const expected = await run(plain, steps)
    const actual = await run(synced, steps)
    const at = expected.findIndex((line, i) => line !== actual[i])
    if (at >= 0) throw fail(`plain\n  ${expected[at]}\nsynced\n  ${actual[at]}`)
    const start: Rows = new Map(names.map((name) => [name, new Map()]))
    const final = await rowsIn(synced, names)
    const [replayed, there] = [rowsText(replay(start, await log())), rowsText(final)]
    if (replayed !== there) throw fail(`the log leads to\n${replayed}\nbut there is\n${there}`)
    const keys = [...final.values()].flatMap((rows) => [...rows.values()].map(({ key }) => key))
    if (!keys.every(isTemporary)) throw fail('a row has a key that is not temporary')
  } finally {
    await Promise.all([plain.delete(), synced.delete()])
  }
}

function declared(): Dexie {
  const db = new Dexie(freshName())
  db.version(1).stores(stores)
  return db
}

function drawSteps(random: Prng): Step[] {
  let serial = 0
  const one = (): Step => {
    const name = random.pick(names)
    const [text, call] = random.pick(calls)(
      random,
      name,
      () => ++serial,
      () => random.between(1, Math.max(serial, 1)),
    )
    return { kind: 'call', name, text: `${name}.${text}`, call }
  }
  const many = (least: number, most: number, draw: () => Step) =>
    Array.from({ length: random.between(least, most) }, draw)
  return many(5, 12, () =>
    random.chance(0.4)
      ? {
          kind: 'transaction',
          groups: Array.from({ length: random.between(1, 4) }, () => many(1, 4, one)),
          throws: random.chance(0.2),
        }
      : one(),
  )
}

type DrawCall = (random: Prng, name: Name, fresh: () => number, old: () => number) => [string, Call]

const row = (random: Prng, s: number): Row => ({
  s,
  n: random.between(0, 3),
  ...(random.chance(0.3) && { code: random.between(1, 5) }),
})
/** A row under a key of its own: inside it, or beside it. */
const under = (name: Name, key: Key, inside: Row): [Row, Key?] =>
  name === 'tasks' ? [{ ...inside, id: key }] : [inside, key]

const calls: DrawCall[] = [
  (random, _name, fresh) => {
    const made = row(random, fresh())
    return ['add', (table) => table.add({ ...made }).then(() => 'added')]
  },
  (random, _name, fresh) => {
    const made = row(random, fresh())
    return ['put of a new row', (table) => table.put({ ...made }).then(() => 'put')]
  },
  (random, _name, fresh) => {
    const made = Array.from({ length: random.between(0, 4) }, () => row(random, fresh()))
    return ['bulkAdd', (table) => table.bulkAdd(made.map((one) => ({ ...one }))).then(() => made.length)]
  },
  (random, name, _fresh, old) => {
    const s = old()
    const made = row(random, s)
    // A row that was never made has no key of its own yet: nothing to write over.
    return [
      'put of an old row',
      (table, keys) =>
        table
          .get(keys.get(name, s) as never)
          .then((found) =>
            found
              ? table.put(...(under(name, keys.get(name, s), made) as [Row, never])).then(() => 'put')
              : 'gone',
          ),
    ]
  },
  (random, name, _fresh, old) => {
    const [s, n] = [old(), random.between(0, 3)]
    return ['update', (table, keys) => table.update(keys.get(name, s) as never, { n, seen: true })]
  },
  (random, name, _fresh, old) => {
    const updates = Array.from({ length: random.between(0, 3) }, () => [old(), random.between(1, 5)] as const)
    return [
      'bulkUpdate',
      (table, keys) =>
        table.bulkUpdate(
          updates.map(([s, code]) => ({ key: keys.get(name, s), changes: { code } })) as never,
        ),
    ]
  },
  (_random, name, _fresh, old) => {
    const s = old()
    return ['delete', (table, keys) => table.delete(keys.get(name, s) as never)]
  },
  (_random, name, _fresh, old) => {
    const some = [old(), old()]
    return ['bulkDelete', (table, keys) => table.bulkDelete(some.map((s) => keys.get(name, s)) as never)]
  },
  (_random, name, _fresh, old) => {
    const s = old()
    return ['get', (table, keys) => table.get(keys.get(name, s) as never)]
  },
  (random) => {
    const n = random.between(0, 3)
    return [
      'modify',
      (table) =>
        table
          .where('n')
          .equals(n)
          .modify({ n: n + 1, 'deep.n': n }),
    ]
  },
  (random) => {
    const n = random.between(0, 3)
    return ['deleteSome', (table) => table.where('n').equals(n).delete()]
  },
  () => ['toArray', (table) => table.orderBy('s').toArray()],
  () => ['count', (table) => table.count()],
  (random) =>
    random.chance(0.3) ? ['clear', (table) => table.clear()] : ['count', (table) => table.count()],
]

async function run(db: Dexie, steps: readonly Step[]): Promise<string[]> {
  const lines: string[] = []
  const keys = new Keys()
  for (const step of steps) {
    lines.push(...(await runStep(db, step, keys)))
    for (const [name, rows] of await rowsIn(db, names))
      for (const { key, row: made } of rows.values()) keys.set(name as Name, (made as Row).s, key)
  }
  lines.push(...(await Promise.all(names.map((name) => db.table(name).orderBy('s').toArray()))).map(shown))
  return lines
}

async function runStep(db: Dexie, step: Step, keys: Keys): Promise<string[]> {
  if (step.kind === 'call') return [await settled(step.call(db.table(step.name), keys))]
  const lines: string[] = []
  const work = db.transaction('rw', [...names], async () => {
    for (const group of step.groups) {
      const answers = group.map((one) =>
        one.kind === 'call' ? settled(one.call(db.table(one.name), keys)) : '',
      )
      lines.push(...(await Dexie.Promise.all(answers)))
    }
    if (step.throws) throw new RangeError('the app throws')
  })
  return [...lines, await settled(work)]
}

function settled(work: PromiseLike<unknown>): PromiseLike<string> {
  return Dexie.Promise.resolve(work).then(shown, (error: unknown) => `rejects ${errorText(error)}`)
}

/** A value as text, with the keys in rows left out: their serial numbers tell them apart. */
function shown(value: unknown): string {
  return textOf(value).replace(/\bid: -?\d+/g, 'id')
}

function stepText(step: Step): string {
  return step.kind === 'call'
    ? step.text
    : `transaction${step.throws ? ' that throws' : ''}: ${step.groups.map((group) => group.map(stepText).join(' | ')).join('; ')}`
}
