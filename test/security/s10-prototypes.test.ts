import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { changeBetween } from '../../src/merge/change-between'
import { rebase } from '../../src/merge/rebase'
import { resolve } from '../../src/merge/resolve'
import { restoredRow } from '../../src/merge/restore'
import type { Change } from '../../src/model/change'
import { conflictRules } from '../../src/model/conflict-options'
import { applyChanges, coalesce } from '../../src/outbox/coalesce'
import { changedFields } from '../../src/protocol/rest/changed-fields'
import { journey } from '../support/journey'
import { users } from '../support/users'

const before = {
  object: Reflect.ownKeys(Object.prototype),
  array: Reflect.ownKeys(Array.prototype),
  function: Reflect.ownKeys(Function.prototype),
}

afterEach(() => {
  expect(Reflect.ownKeys(Object.prototype)).toEqual(before.object)
  expect(Reflect.ownKeys(Array.prototype)).toEqual(before.array)
  expect(Reflect.ownKeys(Function.prototype)).toEqual(before.function)
  expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined()
})

/** A row as `JSON.parse` gives it to whoever does not look: with own fields that reach for the prototype. */
const evil = (text: string) =>
  JSON.parse(
    `{"id":"n","text":"${text}","__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}},` +
      `"prototype":{"isAdmin":true},"deep":{"__proto__":{"isAdmin":true},"list":[{"__proto__":{"isAdmin":true}}]}}`,
  ) as { id: string; text: string }

/** The same as text, so that nothing on the way has parsed it yet. */
const evilText = (text: string) =>
  `{"__proto__":{"isAdmin":true},"id":"n","text":"${text}","constructor":{"prototype":{"isAdmin":true}},` +
  `"\\u005f_proto__":{"isAdmin":true},"deep":{"__proto__":{"isAdmin":true},"list":[{"__proto__":{"isAdmin":true}}]}}`

const json = (text: string) => ({ status: 200, headers: { 'content-type': 'application/json' }, text })

function expectPlain(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  expect([Object.prototype, Array.prototype, null]).toContain(Object.getPrototypeOf(value))
  expect((value as { isAdmin?: unknown }).isAdmin).toBeUndefined()
  for (const inner of Object.values(value)) expectPlain(inner)
}

describe('S10 keys that reach for a prototype do nothing', () => {
  it('in a pulled page, in answers to changes, and in a row that comes with a conflict', async () => {
    const { db, backend, synced, settled, until, sync } = await journey()
    backend.respondNext(1, json(`{"__proto__":{"data":[]},"data":[${evilText('pulled')}]}`), {
      method: 'GET',
      path: '/api/notes',
    })
    await synced()
    expectPlain(await db.notes.get('n'))
    expect(Object.keys((await db.notes.get('n'))!).sort()).toEqual(['deep', 'id', 'text'])
    backend.insert('notes', { id: 'n', text: 'pulled' })
    backend.respondNext(1, json(evilText('answered')), { method: 'PATCH' })
    await db.notes.update('n', { text: 'mine' })
    await settled()
    expectPlain(await db.notes.get('n'))
    backend.respondNext(1, { ...json(evilText('theirs')), status: 409 }, { method: 'PATCH' })
    await db.notes.update('n', { text: 'mine again' })
    await until(sync.sync())
    expectPlain(await db.notes.get('n'))
    expectPlain(await sync.conflicts.list())
  })

  it('in what onConflict gives back', async () => {
    const config = { conflicts: { policy: 'custom' as const, onConflict: () => evil('decided') } }
    const { db, backend, sync, synced, setOnline, until } = await journey({ config })
    await db.notes.add(evil('mine'))
    await synced()
    setOnline(false)
    await db.notes.update('n', { text: 'here' })
    backend.change('notes', 'n', { text: 'there' })
    setOnline(true)
    await until(sync.sync())
    await synced()
    const row = (await db.notes.get('n'))!
    expectPrototype(row)
    expect(row).not.toHaveProperty('isAdmin')
    expect(row.text).toBe('decided')
  })

  it('when somebody signs out and comes back', async () => {
    const world = users('A')
    const { db, sync, until, settled, setOnline } = await journey(world)
    await settled()
    setOnline(false)
    await db.notes.add(evil('A made'))
    await until(sync.signOut({ pending: 'keep' }))
    expect(await db.notes.count()).toBe(0)
    setOnline(true)
    await until(sync.sync())
    await settled()
    expect(await db.notes.get('n')).toMatchObject({ text: 'A made' })
    world.expectApart()
  })

  const name = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'a', 'b'))
  const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, fc.constantFrom(1, 'x', null), row(tie('value'))),
  })).value as fc.Arbitrary<unknown>

  /** Own fields under any name, as in a row that was stored. */
  function row(inner: fc.Arbitrary<unknown>): fc.Arbitrary<Record<string, unknown>> {
    return fc.array(fc.tuple(name, inner), { maxLength: 5 }).map((fields) => Object.fromEntries(fields))
  }

  it('a field with the name of something every object has can be removed, like any other', () => {
    for (const field of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
      const from = Object.fromEntries([
        [field, 'x'],
        ['a', 1],
      ])
      const to = { a: 2 }
      expect(changeBetween('k', from, to)).toMatchObject({ set: { a: 2 }, unset: [field] })
      expect(Object.keys(changeBetween('k', from, to)!.set!)).toEqual(['a'])
      expect(Object.entries(changedFields(from, to)).sort()).toEqual(
        [
          ['a', 2],
          [field, null],
        ].sort(),
      )
      const first: Change = { kind: 'update', key: 'k', before: from, set: { a: 2 }, unset: [field] }
      const next: Change = { kind: 'update', key: 'k', set: { a: 3 } }
      expect(coalesce([first, next])).toMatchObject({ unset: [field] })
      expect(Object.keys(restoredRow({ fields: [field], local: to, remote: from }, 'local', from)!)).toEqual([
        'a',
      ])
    }
  })

  it.each(['merge', 'server-wins', 'client-wins', 'lww', 'park'] as const)(
    'in rows merged by %s',
    (policy) => {
      const rules = { conflicts: conflictRules({ policy }), serverFields: ['b'], keyPath: 'id' }
      fc.assert(
        fc.property(row(value), row(value), row(value), (base, local, remote) => {
          const rebased = { ...remote, ...local }
          expectPrototype(resolve({ base, local, remote }, rebased, rules).row)
          expectPrototype(rebase({ base, local, remote }, rebased, ['b']))
          expectPrototype(restoredRow({ fields: Object.keys(local), local, remote }, 'local', base))
          const change = { table: 't', key: 'k', kind: 'update', before: base, fields: local } as never
          expectPrototype(applyChanges(base, [change]))
        }),
        { numRuns: 400 },
      )
    },
  )
})

/** A field called `__proto__` is a field: what it holds never becomes what the row inherits from. */
function expectPrototype(made: unknown): void {
  if (typeof made === 'object' && made !== null) expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
}

describe('S11 names of fields are names, never paths', () => {
  it.each(['a.__proto__.isAdmin', '__proto__.isAdmin', 'constructor.prototype.isAdmin', 'a.b.c', '.', ''])(
    'a field the server calls %j',
    async (field) => {
      const { db, backend, synced } = await journey()
      backend.insert('notes', { id: 'n', text: 'x', [field]: true })
      await synced()
      const row = (await db.notes.get('n')) as unknown as Record<string, unknown>
      expect(Object.hasOwn(row, field)).toBe(true)
      expect(row.a).toBeUndefined()
      await db.notes.put({ ...(row as unknown as { id: string; text: string }), text: 'y' })
      await synced()
      expect(backend.rows('notes')).toMatchObject([{ text: 'y', [field]: true }])
    },
  )
})

describe('S12 an answer', () => {
  it('to a pull of one table changes no other, whatever its rows call themselves', async () => {
    const { db, backend, synced } = await journey()
    const row = { id: 7, table: 'posts', _table: 'posts', type: 'posts', title: 'injected', text: 'x' }
    backend.respondNext(
      1,
      { status: 200, body: { data: [row], posts: [row] } },
      { method: 'GET', path: '/api/notes' },
    )
    await synced()
    expect(await db.posts.count()).toBe(0)
    expect(await db.notes.count()).toBe(1)
  })
})
