import { describe, expect, it } from 'vitest'
import type { CheckFinding } from '../../src/index'
import { createBackend } from '../support/backend'
import { blogRoutes, type Journey, type JourneyOptions, journey, status } from '../support/journey'
import { pastSync } from '../support/past-sync'

/** Two notes and a post of the server on this device, which then loses the connection. */
async function offline(options: JourneyOptions = {}): Promise<Journey> {
  const backend = createBackend()
  backend.insert('notes', { id: 'n', text: 'theirs' })
  backend.insert('notes', { id: 'm', text: 'theirs too' })
  backend.insert('posts', { id: 1, title: 'first' })
  const here = await journey({ backend, ...options })
  await here.synced()
  here.setOnline(false)
  await here.until(status(here.sync, ({ state }) => state === 'offline'))
  return here
}

/** Puts the database in order again: every journey ends with a check. */
type Mend = (here: Journey) => Promise<unknown>

function put(here: Journey, store: string, row: object): Promise<void> {
  return pastSync(here.db.name, store, (raw) => raw.put(row))
}

function remove(here: Journey, store: string, key: IDBValidKey): Promise<void> {
  return pastSync(here.db.name, store, (raw) => raw.delete(key))
}

/** What is planted: by a writer past sync, with the finding it makes and what mends it. */
const planted: Record<
  string,
  readonly [plant: (here: Journey) => Promise<unknown>, found: object, mend: Mend]
> = {
  'a row with a waiting edit, written past sync': [
    async (here) => {
      await here.db.notes.update('n', { text: 'mine' })
      await put(here, 'notes', { ...(await here.db.notes.get('n')), text: 'smuggled' })
    },
    { code: 'row-differs', table: 'notes', key: 'n', fields: ['text'] },
    ({ sync }) => sync.discard('notes', 'n'),
  ],
  'a new row, removed past sync': [
    async (here) => {
      await here.db.notes.add({ id: 'new', text: 'mine' })
      await remove(here, 'notes', 'new')
    },
    { code: 'row-missing', table: 'notes', key: 'new' },
    ({ sync }) => sync.discard('notes', 'new'),
  ],
  'a deleted row, written again past sync': [
    async (here) => {
      await here.db.notes.delete('n')
      await put(here, 'notes', { id: 'n', text: 'smuggled' })
    },
    { code: 'row-remains', table: 'notes', key: 'n' },
    ({ sync }) => sync.discard('notes', 'n'),
  ],
  'a row under a temporary key nobody recorded': [
    (here) => put(here, 'posts', { id: -5, title: 'smuggled' }),
    { code: 'orphan-row', table: 'posts', key: -5 },
    (here) => remove(here, 'posts', -5),
  ],
  'a request without its changes': [
    (here) => put(here, '_sync_fences', fence('f', 'n', [[99, 0]])),
    { code: 'fence-without-entry', table: 'notes', key: 'n', id: 'f' },
    (here) => remove(here, '_sync_fences', 'f'),
  ],
  'two requests with one change': [
    async (here) => {
      await here.db.notes.update('n', { text: 'mine' })
      const seq = await lastSeq(here)
      await put(here, '_sync_fences', fence('f', 'n', [[seq, 0]]))
      await put(here, '_sync_fences', fence('g', 'n', [[seq, 0]]))
    },
    { code: 'sent-twice', table: 'notes', key: 'n', id: 'g' },
    (here) => remove(here, '_sync_fences', 'g'),
  ],
  'a change held under a letter that is gone': [
    async (here) => {
      await here.db.notes.update('n', { text: 'mine' })
      await put(here, '_sync_progress', {
        seq: await lastSeq(here),
        marks: { 0: { held: 'dead', by: 'gone' } },
      })
    },
    { code: 'held-for-nobody', table: 'notes', key: 'n', id: 'gone' },
    ({ sync }) => sync.discard('notes', 'n'),
  ],
  'a row parked under a conflict that is gone': [
    (here) => put(here, '_sync_records', { table: 'notes', key: 'n', parked: 'gone' }),
    { code: 'held-for-nobody', table: 'notes', key: 'n', id: 'gone' },
    (here) => remove(here, '_sync_records', ['notes', 'n']),
  ],
  'a dead letter of nothing': [
    (here) => put(here, '_sync_letters', { id: 'l', table: 'notes', key: 'n', kind: 'update', entries: [] }),
    { code: 'letter-without-entry', table: 'notes', key: 'n', id: 'l' },
    ({ sync }) => sync.deadLetters.discard('l'),
  ],
  'a parked conflict of nothing': [
    (here) =>
      put(here, '_sync_conflicts', {
        id: 'c',
        table: 'notes',
        key: 'n',
        state: 'parked',
        fields: [],
        entries: [],
      }),
    { code: 'conflict-without-entry', table: 'notes', key: 'n', id: 'c' },
    ({ sync }) => sync.conflicts.resolve('c', 'remote'),
  ],
  'a kept row of the server without changes': [
    (here) => put(here, '_sync_records', { table: 'notes', key: 'n', base: { id: 'n', text: 'old' } }),
    { code: 'state-without-entry', table: 'notes', key: 'n' },
    (here) => remove(here, '_sync_records', ['notes', 'n']),
  ],
  'a note on changes that are gone': [
    (here) => put(here, '_sync_progress', { seq: 99, marks: { 0: 'done' } }),
    { code: 'progress-without-log' },
    (here) => remove(here, '_sync_progress', 99),
  ],
  'a temporary key that stands for another': [
    (here) => put(here, '_sync_aliases', { table: 'posts', temporary: -5, key: -6, at: 0 }),
    { code: 'alias-unfinished', table: 'posts', key: -5 },
    (here) => remove(here, '_sync_aliases', ['posts', -5]),
  ],
}

function fence(id: string, key: string, entries: readonly (readonly [number, number])[]): object {
  return {
    id,
    items: [{ table: 'notes', key, kind: 'update', entries, ops: [], row: null, base: null }],
    request: { method: 'PATCH', url: '/api/notes/n' },
    epoch: 0,
    attempts: 0,
    dueAt: 0,
    firstSentAt: 0,
    sentAt: 0,
  }
}

async function lastSeq({ db }: Journey): Promise<number> {
  let last = 0
  await pastSync(db.name, '_sync_log', (raw) => {
    raw.openKeyCursor(null, 'prev').onsuccess = ({ target }) => {
      last = Number((target as IDBRequest<IDBCursor>).result.key)
    }
  })
  return last
}

describe('check() finds', () => {
  it.each(Object.entries(planted))('%s, and nothing else', async (_, [plant, found, mend]) => {
    const here = await offline()
    await plant(here)
    const { ok, findings } = await here.sync.check()
    expect(ok).toBe(false)
    const texts = { message: expect.any(String), fix: expect.any(String) }
    expect(findings).toEqual([{ ...found, ...texts }])
    await mend(here)
    expect(await here.sync.check()).toMatchObject({ ok: true, findings: [] })
  })

  it('changes of a table that has no route any more', async () => {
    const here = await offline()
    await here.db.notes.update('n', { text: 'mine' })
    const without = await here.reload({ routes: { posts: blogRoutes.posts } })
    const { findings, checked } = await without.sync.check()
    expect(findings).toMatchObject([{ code: 'not-routed', table: 'notes', key: 'n' }])
    expect(checked).toEqual({ posts: 1 })
    const again = await without.reload({ routes: blogRoutes })
    expect((await again.sync.check()).ok).toBe(true)
  })

  it('a request with changes of another login', async () => {
    let user = 'ann'
    const here = await offline({ config: { identity: () => user } })
    user = 'bob'
    await here.db.notes.add({ id: 'new', text: 'of bob' })
    await put(here, '_sync_fences', fence('f', 'new', [[await lastSeq(here), 0]]))
    const { findings } = await here.sync.check()
    expect(findings).toMatchObject([{ code: 'wrong-identity', table: 'notes', key: 'new', id: 'f' }])
    await remove(here, '_sync_fences', 'f')
    expect((await here.sync.check()).ok).toBe(true)
  })
})

/** An edit that is accepted, and a sign-out that comes back. */
async function edited({ db, sync, until, setOnline }: Journey): Promise<void> {
  setOnline(true)
  await db.notes.update('n', { text: 'mine' })
  await until(sync.whenPushed('notes', 'n'))
}

async function signedOut({ sync, until, setOnline }: Journey): Promise<void> {
  setOnline(true)
  await until(sync.signOut({ pending: 'push' }))
  await until(sync.sync())
}

describe('what check() says is to be done helps', () => {
  const mends: Record<string, readonly [plant: keyof typeof planted, mend: Mend]> = {
    'putting a row once more': [
      'a new row, removed past sync',
      ({ db }) => db.notes.put({ id: 'new', text: 'again' }),
    ],
    'deleting a row once more': ['a deleted row, written again past sync', ({ db }) => db.notes.delete('n')],
    'deleting an orphan': ['a row under a temporary key nobody recorded', ({ db }) => db.posts.delete(-5)],
    'an accepted edit of a row that is parked for nobody': [
      'a row parked under a conflict that is gone',
      edited,
    ],
    'an accepted edit of a row with a state': ['a kept row of the server without changes', edited],
    'a sign-out after a request without changes': ['a request without its changes', signedOut],
    'a sign-out after a key that stands for another': ['a temporary key that stands for another', signedOut],
  }

  it.each(Object.entries(mends))('%s', async (_, [name, mend]) => {
    const here = await offline()
    await planted[name]![0](here)
    expect((await here.sync.check()).ok).toBe(false)
    await mend(here)
    expect((await here.sync.check()).findings).toEqual([])
  })
})

describe('check()', () => {
  it('finds nothing wrong with what waits, and counts what it has looked at', async () => {
    const { db, sync } = await offline()
    await db.notes.update('n', { text: 'mine' })
    await db.notes.delete('m')
    await db.posts.add({ title: 'second' })
    await db.posts.delete(1)
    expect(await sync.check()).toEqual({ ok: true, checked: { posts: 1, notes: 1 }, findings: [] })
  })

  it('looks at one table where it is told to', async () => {
    const here = await offline()
    await put(here, 'posts', { id: -5, title: 'smuggled' })
    expect(await here.sync.check('notes')).toEqual({ ok: true, checked: { notes: 2 }, findings: [] })
    expect(await here.sync.check('posts')).toMatchObject({ ok: false, checked: { posts: 2 } })
    await expect(here.sync.check('nowhere')).rejects.toMatchObject({ code: 'unknown-table' })
    await remove(here, 'posts', -5)
  })

  it('shows rows only where it is asked to', async () => {
    const here = await offline()
    await here.db.notes.update('n', { text: 'mine' })
    await put(here, 'notes', { id: 'n', text: 'smuggled' })
    expect(JSON.stringify(await here.sync.check())).not.toMatch(/mine|smuggled|theirs/)
    const [finding] = (await here.sync.check('notes', { rows: true })).findings as [CheckFinding]
    expect(finding.rows).toMatchObject({ local: { text: 'smuggled' }, expected: { text: 'mine' } })
    await here.sync.discard('notes', 'n')
  })

  it('works after stop(), and writes nothing', async () => {
    const here = await offline()
    await put(here, '_sync_progress', { seq: 99, marks: {} })
    await here.until(here.sync.stop())
    expect((await here.sync.check()).findings).toMatchObject([{ code: 'progress-without-log' }])
    expect((await here.sync.check()).findings).toHaveLength(1)
    await remove(here, '_sync_progress', 99)
  })

  it('finds nothing wrong with files, whose contents nobody can look at', async () => {
    const { db, sync } = await offline()
    await db.notes.update('n', { text: new Blob(['x']) as never })
    expect(await sync.check()).toMatchObject({ ok: true })
    await sync.discard('notes', 'n')
  })

  it('finds nothing wrong with a parked row that was brought up to date before it was deleted elsewhere', async () => {
    const here = await offline({ config: { conflicts: { policy: 'park' } } })
    const { db, sync, backend, until } = here
    await db.notes.update('n', { mark: 'mine' } as object)
    backend.change('notes', 'n', { text: 'newer' })
    backend.up()
    await until(sync.pull())
    expect(await db.notes.get('n')).toMatchObject({ text: 'newer', mark: 'mine' })
    backend.erase('notes', 'n')
    await until(sync.pull())
    expect(await sync.conflicts.list()).toMatchObject([{ key: 'n', state: 'parked', remote: null }])
    expect((await sync.check('notes', { rows: true })).findings).toEqual([])
  })
})
