import Dexie, { type Table } from 'dexie'
import type { StoredLogRecord } from '../../../src/model/change'
import { extendSchema } from '../../../src/storage/schema'
import { type Prng, prng } from '../../simulation/prng'
import { captureOn, freshName } from '../support'
import { drawPlan, planText } from './plan'
import { replay } from './replay'
import { rowsIn, rowsText } from './rows'
import { type Account, runPlan } from './run'
import { applyHabits, drawHabits, plainStores, stores, type TableName, tableNames } from './schema'
import { textOf } from './text'
import { drawRow, type Make } from './values'

const synced = Object.fromEntries(Object.keys(stores).map((name) => [name, 'client' as const]))

/** One turn of the event loop. */
const turn = () => new Promise<void>((done) => setTimeout(done))

/**
 * Runs the sequence of a seed on a plain and on a synced database and throws, with seed and steps, where an app could
 * tell them apart or where the log does not lead from the first rows to the last.
 */
export async function compareSeed(seed: number): Promise<void> {
  const random = prng(seed, 'differential')
  const habits = drawHabits(random)
  const first = drawFirstRows(random)
  const holds = random.chance(0.5)
  const watched = random.chance(0.3)
  const steps = drawPlan(random)
  const fail = (what: string) => new Error(`seed ${seed} ${textOf(habits)}: ${what}\n${planText(steps)}`)

  const [plain, app] = await Promise.all([prepare(first), prepare(first, extendSchema)])
  const start = await rowsIn(app, Object.keys(stores))
  app.close()
  plain.close()
  const run = async (db: Dexie, install: (db: Dexie) => void): Promise<Account> => {
    const held = holds ? heldTables(db) : {}
    applyHabits(db, habits)
    install(db)
    await db.open()
    return runPlan(db, steps, held, turn, watched)
  }
  const [beside, again] = [declared(plain.name), declared(app.name)]
  const expected = await run(beside, () => {})
  const capturing: ReturnType<typeof captureOn>[] = []
  const actual = await run(again, (db) => capturing.push(captureOn(db, synced)))
  const difference = firstDifference(expected, actual)
  const log = await capturing[0]!.log()
  try {
    if (difference) throw new Error(difference)
    const replayed = rowsText(replay(start, log))
    const final = rowsText(await rowsIn(again, Object.keys(stores)))
    if (replayed !== final) throw new Error(`the log leads to\n${replayed}\nbut there is\n${final}`)
  } catch (error) {
    throw fail(
      `${(error as Error).message}\nwhat the app saw:\n${actual.lines.join('\n')}\nthe log:\n${logText(log)}`,
    )
  } finally {
    await beside.delete()
    await again.delete()
  }
}

function logText(log: readonly StoredLogRecord[]): string {
  return log
    .map(
      ({ seq, tx, table, changes }) => `${seq} ${tx} ${table} ${changes.map((one) => textOf(one)).join(' ')}`,
    )
    .join('\n')
}

type FirstRows = readonly (readonly [TableName, Make<unknown>, number])[]

function drawFirstRows(random: Prng): FirstRows {
  return tableNames.flatMap((name) =>
    Array.from({ length: random.between(0, 4) }, (_, i) => [name, drawRow(random, name), i + 1] as const),
  )
}

async function prepare(first: FirstRows, extend: (db: Dexie) => void = () => {}): Promise<Dexie> {
  const db = declared(freshName())
  extend(db)
  for (const [name, row, i] of first) {
    const outside = name === 'notes' || name === 'counted'
    // Rows that cannot be stored are not there at the start, on either database.
    await db
      .table(name)
      .put(row() as never, (outside ? i : undefined) as never)
      .catch(() => {})
  }
  return db
}

function declared(name: string): Dexie {
  const db = new Dexie(name)
  db.version(1).stores({ ...stores, ...plainStores })
  return db
}

function heldTables(db: Dexie): Record<string, Table> {
  return Object.fromEntries(tableNames.map((name) => [name, (db as unknown as Record<string, Table>)[name]!]))
}

function firstDifference(expected: Account, actual: Account): string | undefined {
  const compare = (what: string, a: readonly string[], b: readonly string[]) => {
    const at = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).find((i) => a[i] !== b[i])
    if (at === undefined) return undefined
    return `${what} ${at}: plain\n    ${a[at]}\n  synced\n    ${b[at]}\nbefore it:\n${a.slice(Math.max(0, at - 6), at).join('\n')}`
  }
  return (
    compare('line', expected.lines, actual.lines) ??
    tableNames
      .map((name) => compare(`row of ${name}`, expected.rows[name]!, actual.rows[name]!))
      .find((text) => text) ??
    forgotten(actual)
  )
}

function forgotten({ live, there }: Account): string | undefined {
  const i = live.findIndex((text, at) => text !== there[at])
  return i < 0 ? undefined : `live query ${i} shows ${live[i]}, but there is ${there[i]}`
}
