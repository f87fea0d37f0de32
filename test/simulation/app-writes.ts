import type { Dexie, Table } from 'dexie'
import type { Row } from '../../src/model/change'
import type { UserWrite } from './history'
import type { Action } from './operations'
import { rareWrites } from './rare-writes'
import { poison } from './server'
import { isOfStorage } from './storage-weather'
import type { Tab, World } from './world'

type AppAction = Extract<Action, { readonly ids: readonly string[] }>

/** One row an app write will touch: noted before it is tried, so that a kill in between is seen. */
interface Planned {
  readonly table: string
  readonly kind: UserWrite['kind']
  readonly birth: string
  readonly fields: readonly string[]
  readonly id: string
}

/** Plans, writes, and notes what the app was told. */
export async function appWrite(world: World, tab: Tab, action: AppAction): Promise<void> {
  const plans: UserWrite[] = []
  const plan = (planned: Planned) => {
    const { name: device } = tab.device
    const entry: UserWrite = {
      ...planned,
      device,
      tab: tab.name,
      user: world.logins.user(device),
      step: world.scheduler.steps,
      state: 'unknown',
    }
    world.history.writes.set(planned.id, entry)
    plans.push(entry)
  }
  const { logins } = world
  const login = logins.serialOf(tab.device.name)
  const value = (id: string) => (action.poisoned ? `${poison}${id}` : id)
  const settle = (state: UserWrite['state']) => {
    if (!tab.alive) return
    world.scheduler.note(`${tab.name} ${action.kind} ${state}`)
    for (const entry of plans) {
      entry.state = state
      if (logins.serialOf(tab.device.name) !== login) delete entry.user
    }
  }
  try {
    const done = await writeRows(tab.db, action, plan, value)
    if (done && tab.alive && isRare(action.kind)) world.struck.count(action.kind)
    // False where a row was gone by then: nothing was written.
    settle(done ? 'acknowledged' : 'failed')
  } catch (error) {
    const isStorage = isOfStorage(error, world.struck)
    settle(isStorage ? 'rolled-back' : 'failed')
    // Nothing else the app does here may be refused: no key is taken, no row is invalid.
    if (tab.alive && !isStorage) world.history.errors.push(`${tab.name} ${action.kind}: ${String(error)}`)
  }
}

function isRare(kind: string): boolean {
  return rareWrites.some((one) => one === kind)
}

type Id = number | string
type Plan = (planned: Planned) => void
type Value = (id: string) => string

async function writeRows(db: Dexie, action: AppAction, plan: Plan, value: Value): Promise<boolean> {
  switch (action.kind) {
    case 'add':
    case 'bulk-add': {
      const rows = action.ids.map((id, i) => {
        plan({ id, table: action.table, kind: 'create', birth: id, fields: [...newFields] })
        return newRow(id, value, action.table === 'notes' ? { id: action.keys[i]! } : {})
      })
      const table = db.table<Row, Id>(action.table)
      await within(db, [action.table], action.explicit, () =>
        action.kind === 'add' ? table.add(rows[0]!) : table.bulkAdd(rows),
      )
      return true
    }
    case 'add-thread':
      return addThread(db, action.ids, plan, value)
    case 'delete-thread':
      return deleteThread(db, action, plan)
    case 'delete':
    case 'bulk-delete':
    case 'take-back':
      return deleteRows(db, action, plan)
    case 'clear':
      return clear(db, action, plan)
    case 'vote':
      return vote(db, action, plan)
    default:
      return edit(db, action, plan, value)
  }
}

/** Many are looked at and deleted in one transaction: another tab may delete one of them in between. */
function deleteRows(
  db: Dexie,
  action: Extract<AppAction, { kind: 'delete' | 'bulk-delete' | 'take-back' }>,
  plan: Plan,
): PromiseLike<boolean> {
  const { kind, table: name, ids, explicit } = action
  const table = db.table<Row, Id>(name)
  return within(db, [name], explicit || kind === 'bulk-delete', async () => {
    const rows =
      action.kind === 'take-back' ? await born(table, action.birth) : await chosen(table, action.picks)
    if (rows.length === 0) return false
    planDeletions(name, rows, (row) => ids[row]!, plan)
    const keys = rows.map((row) => row.id as Id)
    await (kind === 'bulk-delete' ? table.bulkDelete(keys) : table.delete(keys[0]!))
    return true
  })
}

/** Looked at and emptied in one transaction: what it holds when it is emptied is what is deleted. */
function clear(
  db: Dexie,
  { table: name, ids }: Extract<AppAction, { kind: 'clear' }>,
  plan: Plan,
): Promise<boolean> {
  return db.transaction('rw', [name], async () => {
    const table = db.table<Row, Id>(name)
    const rows = await table.toArray()
    if (rows.length === 0) return false
    planDeletions(name, rows, (row) => `${ids[0]!}.${row}`, plan)
    await table.clear()
    return true
  })
}

function planDeletions(table: string, rows: readonly Row[], idOf: (row: number) => string, plan: Plan): void {
  rows.forEach((row, i) => {
    plan({ id: idOf(i), table, kind: 'delete', birth: String(row.birth), fields: [] })
  })
}

async function edit(
  db: Dexie,
  action: Extract<AppAction, { readonly fields: readonly string[] }>,
  plan: Plan,
  value: Value,
): Promise<boolean> {
  const { table: name, fields, ids, explicit } = action
  const table = db.table<Row, Id>(name)
  const set = (id: string): Row => Object.fromEntries(fields.map((field) => [field, value(id)]))
  const planEdit = (row: Row, id: string) =>
    plan({ id, table: name, kind: 'update', birth: String(row.birth), fields })

  if (action.kind === 'put' || action.kind === 'bulk-put') {
    // Read and written in one transaction: a whole row written blindly would bring back what was deleted meanwhile.
    return db.transaction('rw', [name], async () => {
      const rows = await chosen(table, action.picks)
      const next = rows.map((row, i) => ({ ...row, ...set(ids[i]!) }))
      for (const [i, row] of rows.entries()) planEdit(row, ids[i]!)
      if (rows.length === 0) return false
      await (action.kind === 'put' ? table.put(next[0]!) : table.bulkPut(next))
      return true
    })
  }
  const rows = await chosen(table, action.picks)
  if (rows.length === 0) return false
  for (const [i, row] of rows.entries()) planEdit(row, ids[i]!)
  if (action.kind === 'bulk-update') {
    const edits = rows.map((row, i) => ({ key: row.id as Id, changes: set(ids[i]!) }))
    return (await within(db, [name], explicit, () => table.bulkUpdate(edits))) === rows.length
  }
  if (action.kind === 'update') {
    return (await within(db, [name], explicit, () => table.update(rows[0]!.id as Id, set(ids[0]!)))) > 0
  }
  // Two rows may have one birth (made again on two devices), and a row may get its real key in between.
  const byKey = new Map(rows.map((row, i) => [row.id, ids[i]!]))
  const byBirth = new Map(rows.map((row, i) => [row.birth, ids[i]!]))
  const touched = await within(db, [name], explicit, () =>
    table
      .where('id')
      .anyOf(rows.map((row) => row.id as string))
      .modify((row) => void Object.assign(row, set(byKey.get(row.id) ?? byBirth.get(row.birth)!))),
  )
  return touched === rows.length
}

/** No value of a counter tells whose it is: the write has no fields that could be looked for. */
function vote(db: Dexie, action: Extract<AppAction, { kind: 'vote' }>, plan: Plan): Promise<boolean> {
  return db.transaction('rw', [action.table], async () => {
    const table = db.table<Row, Id>(action.table)
    const [row] = await chosen(table, action.picks)
    if (!row) return false
    plan({ id: action.ids[0]!, table: action.table, kind: 'update', birth: String(row.birth), fields: [] })
    await table.update(row.id as Id, { votes: Number(row.votes ?? 0) + 1 })
    return true
  })
}

function addThread(
  db: Dexie,
  [first, ...rest]: readonly string[],
  plan: Plan,
  value: Value,
): Promise<boolean> {
  plan({ id: first!, table: 'posts', kind: 'create', birth: first!, fields: newFields })
  for (const id of rest) plan({ id, table: 'comments', kind: 'create', birth: id, fields: newFields })
  return db.transaction('rw', ['posts', 'comments'], async () => {
    await db.table('posts').add(newRow(first!, value, {}))
    await db.table('comments').bulkAdd(rest.map((id) => newRow(id, value, { post: first! })))
    return true
  })
}

function deleteThread(
  db: Dexie,
  action: Extract<AppAction, { kind: 'delete-thread' }>,
  plan: Plan,
): Promise<boolean> {
  return db.transaction('rw', ['posts', 'comments'], async () => {
    const [post] = await chosen(db.table<Row, Id>('posts'), action.picks)
    if (!post) return false
    const comments = db.table<Row>('comments').where('post').equals(String(post.birth))
    const rows = [...(await comments.toArray()), post]
    rows.forEach((row, i) => {
      const table = row === post ? 'posts' : 'comments'
      plan({ id: `${action.ids[0]!}.${i}`, table, kind: 'delete', birth: String(row.birth), fields: [] })
    })
    await comments.delete()
    await db.table('posts').delete(post.id as Id)
    return true
  })
}

const newFields = ['title', 'body'] as const

function newRow(id: string, value: Value, rest: Row): Row {
  return { birth: id, title: value(id), body: value(id), ...rest }
}

/** The rows a tab sees at these places of a table, each once. */
async function chosen(table: Table<Row, Id>, picks: readonly number[]): Promise<Row[]> {
  const rows = await table.toArray()
  return [
    ...new Set(picks.map((pick) => rows[Math.floor(pick * rows.length)]).filter((row) => row !== undefined)),
  ]
}

/** The row that a write has made, where it is still there. */
function born(table: Table<Row, Id>, birth: string): Promise<Row[]> {
  return table
    .filter((row) => row.birth === birth)
    .limit(1)
    .toArray()
}

function within<T>(
  db: Dexie,
  tables: string[],
  explicit: boolean,
  work: () => PromiseLike<T>,
): PromiseLike<T> {
  return explicit ? db.transaction('rw', tables, work) : work()
}
