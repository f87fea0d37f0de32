import { describe, expect, it } from 'vitest'
import { type SyncConfig, startSync } from '../../src/index'
import { type Backend, createBackend, goodSemantics, type ServerRow } from '../support/backend'
import { Blog } from '../support/blog'
import { blogRoutes, expectSameRows, type Journey, journey } from '../support/journey'
import { versionedRoutes } from '../support/versioned-routes'

type Conflicts = NonNullable<SyncConfig['conflicts']>

const backends: [string, () => Backend, typeof blogRoutes][] = [
  ['never answers 409', () => createBackend(), blogRoutes],
  [
    'answers 409 to an old version',
    () => createBackend({ semantics: goodSemantics({ answersConflicts: true }) }),
    versionedRoutes,
  ],
]

const base = { id: 'n', text: 'base' }

/** A note both sides hold; then, apart, `mine` is done here and `theirs` there; then they meet. */
async function meet(
  [, backend, routes]: (typeof backends)[number],
  conflicts: Conflicts,
  start: object,
  mine: object | null,
  theirs: object | null,
): Promise<Journey> {
  const place = await journey({ backend: backend(), config: { routes, conflicts } })
  await place.db.notes.add({ ...base, ...start })
  await place.settled()
  place.setOnline(false)
  if (theirs) place.backend.change('notes', 'n', { ...theirs })
  else place.backend.erase('notes', 'n')
  if (mine) await place.db.notes.update('n', mine)
  else await place.db.notes.delete('n')
  place.setOnline(true)
  await place.settled()
  return place
}

/** What both sides hold in the end, once they have met again. */
async function together(place: Journey): Promise<ServerRow | undefined> {
  await place.synced()
  await expectSameRows(place.db, place.backend, ['notes'])
  return place.backend.rows('notes')[0]
}

describe.each(backends)('a field both changed, with a backend that %s', (...backend) => {
  type Values = [base: unknown, mine: unknown, theirs: unknown, left: unknown]
  const fields: [string, Conflicts, Values][] = [
    ['client: the value of this device', { policy: 'server-wins', fields: { f: 'client' } }, [1, 2, 3, 2]],
    ['server: the value of the server', { policy: 'client-wins', fields: { f: 'server' } }, [1, 2, 3, 3]],
    ['counter: what both added', { fields: { f: 'counter' } }, [5, 6, 8, 9]],
    ['counter: also where both added the same', { fields: { f: 'counter' } }, [5, 6, 6, 7]],
    ['counter: by the policy where one is no number', { fields: { f: 'counter' } }, [5, 6, 'x', 6]],
    [
      'set-union: what either added, without what either removed',
      { fields: { f: 'set-union' } },
      [
        ['a', 'b', 'c'],
        ['b', 'c', 'mine'],
        ['a', 'c', 'theirs'],
        ['c', 'theirs', 'mine'],
      ],
    ],
    [
      'set-union: by the policy where one is no list',
      { fields: { f: 'set-union' } },
      [['a'], ['b'], 'x', ['b']],
    ],
    [
      'a function: what it makes of them',
      { fields: { f: (was, mine, theirs) => `${was}-${mine}-${theirs}` } },
      [1, 2, 3, '1-2-3'],
    ],
  ]

  it.each(fields)('%s', async (_, conflicts, [from, mine, theirs, left]) => {
    const place = await meet(backend, conflicts, { f: from }, { f: mine }, { f: theirs })
    expect((await together(place))?.f).toEqual(left)
    expect(await place.sync.conflicts.list()).toMatchObject([{ state: 'decided', fields: ['f'] }])
  })

  it('goes by its own rule, another by the policy, and what one side changed stays', async () => {
    const conflicts: Conflicts = { policy: 'server-wins', fields: { likes: 'counter' } }
    const start = { likes: 1, colour: 'red' }
    const mine = { text: 'mine', likes: 2, colour: 'blue' }
    const place = await meet(backend, conflicts, start, mine, { text: 'theirs', likes: 3 })
    expect(await together(place)).toMatchObject({ text: 'theirs', likes: 4, colour: 'blue' })
  })

  it('is one with the whole row where granularity says so', async () => {
    for (const [policy, left] of [
      ['server-wins', { text: 'base', colour: 'blue' }],
      ['client-wins', { text: 'mine', colour: 'red' }],
    ] as const) {
      const conflicts: Conflicts = { policy, granularity: 'row' }
      const place = await meet(backend, conflicts, { colour: 'red' }, { text: 'mine' }, { colour: 'blue' })
      expect(await together(place), policy).toMatchObject(left)
      const [conflict] = await place.sync.conflicts.list()
      expect(conflict?.fields, policy).toEqual(expect.arrayContaining(['text', 'colour']))
    }
  })
})

describe.each(backends)('a conflict parked for a person, with a backend that %s', (...backend) => {
  it('keeps the local row in sight, sends nothing, and goes on by their word', async () => {
    const place = await meet(backend, { policy: 'park' }, {}, { text: 'mine' }, { text: 'theirs' })
    expect(await place.db.notes.get('n')).toMatchObject({ text: 'mine' })
    expect(place.backend.rows('notes')).toMatchObject([{ text: 'theirs' }])
    const [conflict] = await place.sync.conflicts.list()
    expect(conflict).toMatchObject({
      state: 'parked',
      fields: ['text'],
      base: { text: 'base' },
      local: { text: 'mine' },
      remote: { text: 'theirs' },
    })
    await place.sync.conflicts.resolve(conflict!.id, 'local')
    await place.settled()
    expect(await together(place)).toMatchObject({ text: 'mine' })
  })

  it('holds up nobody else', async () => {
    const place = await meet(backend, { policy: 'park' }, {}, { text: 'mine' }, { text: 'theirs' })
    await place.db.notes.add({ id: 'other', text: 'free' })
    await place.settled()
    expect(place.backend.rows('notes')).toMatchObject([{ text: 'theirs' }, { text: 'free' }])
  })
})

describe.each(backends)('an edit here and a deletion there, with a backend that %s', (...backend) => {
  const cases: [Conflicts, 'lives' | 'gone'][] = [
    [{ policy: 'server-wins', onDelete: 'edit-wins' }, 'lives'],
    [{ policy: 'client-wins', onDelete: 'delete-wins' }, 'gone'],
    [{ policy: 'client-wins', onDelete: 'server-wins' }, 'gone'],
    [{ policy: 'server-wins', onDelete: 'client-wins' }, 'lives'],
  ]
  const name = ({ onDelete, policy }: Conflicts) => `${onDelete} before ${policy}`

  it.each(cases.map((one) => [name(one[0]), ...one] as const))('%s', async (_, conflicts, left) => {
    const place = await meet(backend, conflicts, {}, { text: 'mine' }, null)
    expect((await together(place))?.text).toBe(left === 'lives' ? 'mine' : undefined)
  })

  it('is asked about with park', async () => {
    const place = await meet(backend, { onDelete: 'park' }, {}, { text: 'mine' }, null)
    const [conflict] = await place.sync.conflicts.list()
    expect(conflict).toMatchObject({ state: 'parked', remote: null, local: { text: 'mine' } })
    await place.sync.conflicts.resolve(conflict!.id, 'remote')
    await place.settled()
    expect(await together(place)).toBeUndefined()
  })
})

describe.each(backends)('a deletion here and an edit there, with a backend that %s', (...backend) => {
  const cases: [Conflicts, 'lives' | 'gone'][] = [
    [{ policy: 'client-wins', onDelete: 'edit-wins' }, 'lives'],
    [{ policy: 'server-wins', onDelete: 'delete-wins' }, 'gone'],
    [{ policy: 'client-wins', onDelete: 'server-wins' }, 'lives'],
    [{ policy: 'server-wins', onDelete: 'client-wins' }, 'gone'],
  ]
  const name = ({ onDelete, policy }: Conflicts) => `${onDelete} before ${policy}`

  it.each(cases.map((one) => [name(one[0]), ...one] as const))('%s', async (_, conflicts, left) => {
    const place = await meet(backend, conflicts, {}, null, { text: 'theirs' })
    expect((await together(place))?.text).toBe(left === 'lives' ? 'theirs' : undefined)
  })

  it('is asked about with park', async () => {
    const place = await meet(backend, { onDelete: 'park' }, {}, null, { text: 'theirs' })
    const [conflict] = await place.sync.conflicts.list()
    expect(conflict).toMatchObject({ state: 'parked', local: null, remote: { text: 'theirs' } })
    expect(await place.db.notes.count()).toBe(0)
    await place.sync.conflicts.resolve(conflict!.id, 'local')
    await place.settled()
    expect(await together(place)).toBeUndefined()
  })
})

describe('what a route says of conflicts', () => {
  it('goes before the configuration, option by option and field by field', async () => {
    const conflicts: Conflicts = { policy: 'client-wins', fields: { a: 'server', b: 'server' } }
    const routes = {
      ...blogRoutes,
      notes: { ...blogRoutes.notes, conflicts: { policy: 'server-wins', fields: { b: 'client' } } as const },
    }
    const place = await meet(
      ['', () => createBackend(), routes],
      conflicts,
      { a: 1, b: 1 },
      { a: 2, b: 2, text: 'mine' },
      { a: 3, b: 3, text: 'theirs' },
    )
    expect(await together(place)).toMatchObject({ a: 3, b: 2, text: 'theirs' })
  })
})

describe('what contradicts itself or lacks something', () => {
  const cursor = { pull: { url: '/api/notes', checkpoint: { type: 'cursor' } } } as const
  const table: [string, Conflicts, object, string][] = [
    [
      'in the configuration',
      { policy: 'park', fields: { a: 'client' } },
      {},
      'conflicts.fields.a has no say',
    ],
    [
      'in a route, with what it inherits',
      { policy: 'custom', onConflict: () => null },
      { conflicts: { fields: { a: 'client' } } },
      'routes.notes.conflicts.fields.a has no say',
    ],
    [
      'custom without onConflict',
      {},
      { conflicts: { policy: 'custom' } },
      'routes.notes.conflicts.onConflict',
    ],
    ['lww without a clock', { policy: 'lww' }, cursor, 'routes.notes.conflicts.clock is missing'],
  ]

  it.each(table)('is said at start: %s', (_, conflicts, route, says) => {
    const db = new Blog('never-opened')
    const routes = { notes: { ...blogRoutes.notes, ...route } }
    const start = () => startSync(db, { baseUrl: 'https://api.example.test', routes, conflicts })
    expect(start).toThrow(says)
    expect(start).toThrow(expect.objectContaining({ code: 'bad-config' }))
  })
})
