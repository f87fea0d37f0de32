import Dexie, { liveQuery, type Table } from 'dexie'
import type { Operation } from './operations'
import type { Step } from './plan'
import { type TableName, tableNames } from './schema'
import { errorText, textOf } from './text'

/** Everything an app could have seen while it ran a plan. */
export interface Account {
  readonly lines: readonly string[]
  /** Final rows by table, as text, in key order. */
  readonly rows: Readonly<Record<string, readonly string[]>>
  /** What the live queries showed in the end, and what was there. */
  readonly live: readonly string[]
  readonly there: readonly string[]
}

/** Runs a plan on a database. `held`: table objects the app took before anything else happened; `watched`: live queries look on. */
export async function runPlan(
  db: Dexie,
  steps: readonly Step[],
  held: Readonly<Record<string, Table>>,
  turns: () => Promise<void>,
  watched: boolean,
): Promise<Account> {
  const lines: string[] = []
  const table = (name: TableName) => held[name] ?? db.table(name)
  const live = watch(db, watched)
  for (const [i, step] of steps.entries()) {
    await runStep(db, step, table, lines, `${i}`).catch((error: unknown) => {
      lines.push(`${i} rejects ${errorText(error)}`)
    })
  }
  const rows = await readAll(db)
  // Side by side with writes that fail, Dexie's live queries now and then show old rows, with or without capture. A write
  // of the app that succeeds must wake them all.
  await db.transaction('rw', 'posts', 'tasks', 'notes', async () => {
    await table('posts').put({ id: 1, n: 9 })
    await table('tasks').put({ id: 77, n: 9 })
    await table('notes').put({ n: 9 }, 1)
  })
  const there = await live.settled(turns)
  return { lines, rows, live: live.stop(), there }
}

/** The rows of every table, keys before them, as text. */
export async function readAll(db: Dexie): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {}
  for (const name of tableNames) {
    const [keys, values] = await Promise.all([
      db.table(name).toCollection().primaryKeys(),
      db.table(name).toCollection().raw().toArray(),
    ])
    rows[name] = keys.map((key, i) => `${textOf(key)} => ${textOf(values[i])}`)
  }
  return rows
}

function runStep(
  db: Dexie,
  step: Step,
  table: (name: TableName) => Table,
  lines: string[],
  at: string,
): PromiseLike<unknown> & { catch(handle: (error: unknown) => void): PromiseLike<unknown> } {
  const say = (what: string) => lines.push(`${at} ${what}`)
  if (step.kind === 'call') {
    const answer = Dexie.Promise.resolve(step.operation.run(table)).then((value) => {
      say(`${step.operation.text} ${textOf(value)}`)
    })
    return step.caught
      ? answer.catch((error: unknown) => {
          say(`${step.operation.text} rejects ${errorText(error)}`)
        })
      : answer
  }
  if (step.kind === 'side-by-side') return sideBySide(step.operations, table, say)
  const done = db.transaction('rw', [...step.tables], async (tx) => {
    for (const [i, inner] of step.steps.entries()) await runStep(db, inner, table, lines, `${at}.${i}`)
    if (step.end === 'throw') throw new RangeError('the app throws')
    if (step.end === 'abort') tx.abort()
  })
  return step.caught
    ? done.catch((error: unknown) => {
        say(`transaction rejects ${errorText(error)}`)
      })
    : done
}

function sideBySide(
  operations: readonly Operation[],
  table: (name: TableName) => Table,
  say: (what: string) => void,
) {
  return Dexie.Promise.all(
    operations.map((operation, i) =>
      operation.run(table).then(
        (value) => say(`[${i}] ${operation.text} ${textOf(value)}`),
        (error: unknown) => say(`[${i}] ${operation.text} rejects ${errorText(error)}`),
      ),
    ),
  )
}

/** Live queries over the database; in the end each must show what is there. */
function watch(db: Dexie, watched: boolean) {
  const all: (() => PromiseLike<unknown>)[] = [
    () => db.table('posts').toArray(),
    () => db.table('tasks').where('n').above(0).count(),
    () =>
      db
        .table('posts')
        .get(1)
        .then((row) => row),
    () => db.table('notes').toCollection().toArray(),
  ]
  const queries = watched ? all : []
  const shown: string[] = queries.map(() => 'nothing yet')
  const subscriptions = queries.map((query, i) =>
    liveQuery(query).subscribe({
      next: (value) => {
        // Dexie shows a write before it is stored: with the key as the app gave it.
        shown[i] = liveText(value)
      },
      error: (error: unknown) => {
        shown[i] = errorText(error)
      },
    }),
  )
  return {
    /** Gives the queries time, in turns of the event loop, until they show what is there; at most 60 turns. */
    async settled(turns: () => Promise<void>) {
      const there = await Promise.all(queries.map(async (query) => liveText(await query())))
      for (let left = 60; left > 0 && there.some((text, i) => text !== shown[i]); left--) await turns()
      return there
    },
    stop() {
      for (const subscription of subscriptions) subscription.unsubscribe()
      return shown
    },
  }
}

const liveText = (value: unknown) =>
  textOf(value).replaceAll('Uint8Array(', 'bytes(').replaceAll('Post{', '{')
