import Dexie, { type Table } from 'dexie'
import { expect, onTestFinished } from 'vitest'
import { defineRoutes, type Row, resource, type SyncConfig, type SyncEngine } from '../../src/index'
import { createSync } from '../../src/sync'
import type { Backend } from './backend'
import type { FakeTab } from './fake-environment'
import { type Journey, quiet } from './journey'

export interface NoteTwo {
  readonly id: string
  readonly body: string
  readonly version?: number
  readonly updated_at?: string
}

/** The blog in its next release: notes call `body` what the backend goes on calling `text`. */
export class BlogTwo extends Dexie {
  declare posts: Table<Row, number, Row>
  declare notes: Table<NoteTwo, string, NoteTwo>

  constructor(name: string, upgrades = true) {
    super(name)
    this.version(1).stores({ posts: '++id, title, updated_at', notes: 'id, updated_at' })
    const next = this.version(2).stores({ notes: 'id, updated_at, body' })
    if (upgrades) next.upgrade((tx) => tx.table('notes').toCollection().modify(renamed))
  }
}

/** The change of the second release. Leaves alone what has it already. */
export function renamed(row: Row): void {
  if (!('text' in row)) return
  row.body = row.text
  delete row.text
}

export function toServer({ body, ...row }: Row): Row {
  return { ...row, ...(body !== undefined && { text: body }) }
}

export function fromServer({ text, ...row }: Row): Row {
  return { ...row, ...(text !== undefined && { body: text }) }
}

const notes = resource('/api/notes')
const push = notes.push || {}
const read = (row: Row) => fromServer(row)

export const routesTwo = defineRoutes({
  posts: resource('/api/posts'),
  notes: {
    ...notes,
    push: {
      create: { ...push.create!, body: toServer, mapResponse: read },
      update: { ...push.update!, body: (_, { changes }) => toServer(changes), mapResponse: read },
      delete: push.delete!,
    },
    pull: { ...notes.pull!, mapResponse: ({ data }) => data.map(fromServer) },
    read: { ...notes.read!, mapResponse: read },
  },
})

export interface SecondRelease {
  readonly db: BlogTwo
  readonly sync: SyncEngine
  readonly tab: FakeTab
  settled(): Promise<void>
}

/** A tab on the code of the second release, over the database of a journey. */
export async function secondRelease(
  { backend, device, db: { name }, until }: Journey,
  config: Partial<SyncConfig> = {},
  { upgrades = true, start = true } = {},
): Promise<SecondRelease> {
  const tab = device.tab({ fetch: (request) => backend.fetch(request) })
  const db = new BlogTwo(name, upgrades)
  const sync = createSync(
    db,
    {
      baseUrl: 'https://api.example.test',
      routes: routesTwo,
      migrateOutbox: (row, { table }) => (table === 'notes' ? renamed(row) : row),
      autoStart: start,
      ...config,
    },
    tab,
  )
  onTestFinished(async () => {
    if (!tab.gone) await device.until(sync.stop())
    db.close()
  })
  if (start) await until(sync.start())
  const settled = async () => {
    await device.settle()
    await until(sync.sync())
    await until(quiet(sync))
    await device.settle()
  }
  return { db, sync, tab, settled }
}

/** The page of the first release is gone without a word. */
export async function leave({ tab, db }: Pick<Journey, 'tab' | 'db'>): Promise<void> {
  tab.crash()
  db.close()
}

/** The promise of the library, in the shape of the second release. */
export async function expectSameNotes(db: BlogTwo, backend: Backend): Promise<void> {
  const there = backend.rows('notes').map(fromServer)
  expect(await db.notes.orderBy('id').toArray()).toEqual(
    there.sort((a, b) => (`${a.id}` < `${b.id}` ? -1 : 1)),
  )
}
