import { expect, it } from 'vitest'
import { defineRoutes, resource, type SyncConfig } from '../../src/index'
import { conflictRules } from '../../src/model/conflict-options'
import { logWorld } from '../contracts/log-world'
import { protocolPlace } from '../contracts/protocol-place'
import { type Edit, edited, edits, kinds } from '../merge/exhaustive/edits'
import {
  type Case,
  expected,
  type OnDelete,
  type Policy,
  type Row,
  type Ruling,
} from '../merge/exhaustive/oracle'
import { createBackend, goodSemantics } from '../support/backend'
import { createStore, type ServerRow } from '../support/backend-store'
import type { Blog } from '../support/blog'
import { blogRoutes, journey } from '../support/journey'
import { versionedRoutes } from '../support/versioned-routes'

/**
 * Every pair of edits of a record of two fields, each pair a record of its own, through the whole engine: what both
 * sides hold in the end is what the oracle says, which knows nothing of the library.
 */

const [texts] = kinds
const { base, mine, theirs, both } = texts!

type Conflicts = NonNullable<SyncConfig['conflicts']>

/** A device and a server that meet after both were edited. */
interface Meeting {
  readonly db: Blog
  readonly sync: { conflicts: { list(): Promise<{ key?: unknown; state: string }[]> } }
  setOnline(online: boolean): void
  settled(): Promise<void>
  synced(): Promise<void>
  insert(id: string, row: ServerRow): void
  change(id: string, row: ServerRow): void
  erase(id: string): void
  rows(): ServerRow[]
}

/** `later`: whose edit is the later one by the clocks of `lww`. */
type Open = (conflicts: Conflicts, later: 'local' | 'remote') => Promise<Meeting>

/** The version of a row is there, but nobody is asked to honour it. */
const unversioned = defineRoutes({
  ...blogRoutes,
  notes: resource('/api/notes', { serverFields: ['version', 'updated_at'] }),
})

const day = 24 * 3600_000

const rest =
  (answersConflicts: boolean): Open =>
  async (conflicts, later) => {
    const start = Date.UTC(2030, 0, 1) + (later === 'local' ? -day : day)
    const backend = createBackend({
      store: createStore({ start }),
      semantics: goodSemantics({ answersConflicts }),
    })
    const made = await journey({
      backend,
      config: { routes: answersConflicts ? versionedRoutes : unversioned, conflicts },
    })
    return {
      ...made,
      insert: (id, row) => void backend.insert('notes', { ...row, id }),
      change: (id, row) => void backend.change('notes', id, row),
      erase: (id) => backend.erase('notes', id),
      rows: () => backend.rows('notes'),
    }
  }

const log: Open = async (conflicts) => {
  const world = logWorld()
  const made = await protocolPlace({
    ...world,
    protocol(env, policy) {
      const protocol = world.protocol(env, policy)
      const tables = protocol.tables.map((table) => ({ ...table, conflicts: conflictRules(conflicts) }))
      return { ...protocol, tables }
    },
  })
  return {
    ...made,
    insert: (id, row) => world.insert('notes', { ...row, id }),
    change: (id, row) => world.change('notes', id, row),
    erase: (id) => world.erase('notes', id),
    rows: () => world.rows('notes'),
  }
}

const servers: [string, Open][] = [
  ['pushed first, to a server that never says no', rest(false)],
  ['pushed first, to a server that answers 409', rest(true)],
  ['pulled first', log],
]

interface Way {
  readonly policy: Policy
  readonly granularity?: 'field' | 'row'
  readonly onDelete?: OnDelete
  readonly ruling?: Ruling
  readonly later?: 'local' | 'remote'
}

const ways: Way[] = [
  { policy: 'server-wins' },
  { policy: 'client-wins' },
  { policy: 'merge' },
  { policy: 'park' },
  { policy: 'lww', later: 'local' },
  { policy: 'lww', later: 'remote' },
  { policy: 'custom', ruling: { a: 'ruled', b: 'so' } },
  { policy: 'custom', ruling: null },
  { policy: 'custom', ruling: 'local' },
  { policy: 'merge', ruling: 'remote' },
  { policy: 'custom' },
  { policy: 'server-wins', granularity: 'row' },
  { policy: 'client-wins', granularity: 'row' },
  { policy: 'merge', onDelete: 'delete-wins' },
  { policy: 'server-wins', onDelete: 'edit-wins' },
]

for (const [server, open] of servers)
  for (const way of ways.filter(({ later }) => open !== log || !later)) // rows of the log carry no time
    it(`${server}: ${JSON.stringify(way)}`, async () => {
      await everyPair(await open(conflictsOf(way), way.later ?? 'local'), way)
    })

function conflictsOf({ policy, granularity, onDelete, ruling }: Way): Conflicts {
  return {
    policy,
    ...(granularity && { granularity }),
    ...(onDelete && { onDelete }),
    ...((policy === 'custom' || ruling !== undefined) && { onConflict: async () => ruling }),
  }
}

async function everyPair(meeting: Meeting, way: Way): Promise<void> {
  const { db, setOnline, settled, synced, sync } = meeting
  const cases = casesOf(way)
  for (const [id, one] of cases) if (one.base) meeting.insert(id, { ...one.base })
  await synced()
  setOnline(false)
  for (const [id, one] of cases) await editHere(db, id, one)
  for (const [id, one] of cases) editThere(meeting, id, one)
  setOnline(true)
  await settled()
  await synced()
  const here = byId(await db.notes.toArray())
  const there = byId(meeting.rows())
  const parked = new Set(
    (await sync.conflicts.list()).filter(({ state }) => state === 'parked').map(({ key }) => key),
  )
  const got = cases.map(([id]) => [id, { parked: parked.has(id), here: here(id), there: there(id) }])
  const wanted = cases.map(([id, one]) => {
    const { kind, row } = expected(one)
    return [
      id,
      { parked: kind === 'parked', here: plain(row), there: plain(kind === 'parked' ? one.remote : row) },
    ]
  })
  expect(Object.fromEntries(got)).toEqual(Object.fromEntries(wanted))
}

/** By the name of the record: every pair of edits, and a record made on one side or both. */
function casesOf({ policy, granularity = 'field', onDelete, ruling, later }: Way): [string, Case][] {
  const rules = {
    policy,
    granularity,
    ...(onDelete && { onDelete }),
    ...(ruling !== undefined && { ruling }),
  }
  const edit = (id: string, which: Edit, values: Row) => edited({ id, ...base }, which, values, both)
  // A deletion at the server brings no time with it.
  const met = (id: string, sides: Pick<Case, 'base' | 'local' | 'remote'>): [string, Case] => [
    id,
    { ...sides, ...rules, ...(later && sides.remote && { localIsLater: later === 'local' }) },
  ]
  const pairs = edits.flatMap((here) =>
    edits.map((there) => {
      const id = `${here}-${there}`
      return met(id, { base: { id, ...base }, local: edit(id, here, mine), remote: edit(id, there, theirs) })
    }),
  )
  const made = (id: string, local: Row | null, remote: Row | null) =>
    met(id, { base: null, local: local && { id, ...local }, remote: remote && { id, ...remote } })
  return [
    ...pairs,
    made('made here', mine, null),
    made('made there', null, theirs),
    made('made on both sides', mine, theirs),
    made('made alike', mine, mine),
  ]
}

async function editHere(db: Blog, id: string, { base, local }: Case): Promise<void> {
  if (local && !base) await db.table('notes').add({ ...local, id })
  else if (!local && base) await db.notes.delete(id)
  else if (local) await db.notes.update(id, { ...local })
}

function editThere(meeting: Meeting, id: string, { base, remote }: Case): void {
  if (remote && !base) meeting.insert(id, { ...remote })
  else if (!remote && base) meeting.erase(id)
  else if (remote && JSON.stringify(remote) !== JSON.stringify(base)) meeting.change(id, { ...remote })
}

function byId(rows: readonly object[]): (id: string) => Row | null {
  const found = new Map(rows.map((row) => [(row as Row).id, row as Row]))
  return (id) => plain(found.get(id) ?? null)
}

/** Without what the server writes of itself. */
function plain(row: Row | null): Row | null {
  return row && { id: row.id, a: row.a, b: row.b }
}
