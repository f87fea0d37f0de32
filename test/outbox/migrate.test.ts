import { describe, expect, it } from 'vitest'
import type { Change, Row } from '../../src/model/change'
import { shapeOf } from '../../src/model/schema'
import { migrateChange, migrateRow, type Step } from '../../src/outbox/migrate'

/** `title` becomes `headline`, first and last name become one, and nobody is counted any more. */
function next(row: Row): void {
  if ('title' in row) row.headline = row.title
  if ('first' in row) row.name = `${row.first} ${row.last}`
  for (const field of ['title', 'first', 'last', 'count']) delete row[field]
}

const step: Step = { table: 'posts', from: 1, to: 2, keyPath: 'id', migrate: next }
const migrated = (change: Omit<Change, 'key'>) => {
  const { key: _, ...made } = migrateChange({ key: 1, ...change }, step)
  return made
}

describe('a change in the new shape', () => {
  it.each([
    [
      'of a new row',
      { kind: 'create', row: { id: 1, title: 'a' } },
      { kind: 'create', row: { id: 1, headline: 'a' } },
    ],
    [
      'of a renamed field',
      { kind: 'update', before: { id: 1, title: 'a' }, set: { title: 'b' }, unset: [] },
      { kind: 'update', before: { id: 1, headline: 'a' }, set: { headline: 'b' }, unset: [] },
    ],
    [
      'of one of two fields that become one',
      {
        kind: 'update',
        before: { id: 1, first: 'Ada', last: 'Byron' },
        set: { last: 'Lovelace' },
        unset: [],
      },
      { kind: 'update', before: { id: 1, name: 'Ada Byron' }, set: { name: 'Ada Lovelace' }, unset: [] },
    ],
    [
      'that takes a renamed field away',
      { kind: 'update', before: { id: 1, title: 'a' }, set: {}, unset: ['title'] },
      { kind: 'update', before: { id: 1, headline: 'a' }, set: {}, unset: ['headline'] },
    ],
    [
      'of a field that is no more: none',
      { kind: 'update', before: { id: 1, count: 1 }, set: { count: 2 }, unset: [] },
      { kind: 'update', before: { id: 1 }, set: {}, unset: [] },
    ],
    [
      'without the row it stands on: its fields alone',
      { kind: 'update', foreign: true, set: { id: 1, title: 'b' } },
      { kind: 'update', foreign: true, set: { id: 1, headline: 'b' } },
    ],
    [
      'that deletes',
      { kind: 'delete', before: { id: 1, title: 'a' } },
      { kind: 'delete', before: { id: 1, headline: 'a' } },
    ],
    ['that deletes what nobody knows', { kind: 'delete' }, { kind: 'delete' }],
    [
      'that failed before',
      { kind: 'create', schemaVersion: 1, row: { id: 1, title: 'a' } },
      { kind: 'create', row: { id: 1, headline: 'a' } },
    ],
  ] as [string, Omit<Change, 'key'>, Omit<Change, 'key'>][])('%s', (_, change, expected) => {
    expect(migrated(change)).toEqual(expected)
  })

  it('leaves the log as it is: the app gets a copy', () => {
    const row = { id: 1, title: 'a' }
    migrateRow(row, step)
    expect(row).toEqual({ id: 1, title: 'a' })
  })

  it('is told which table, from where and to where', () => {
    const told: unknown[] = []
    migrateRow({ id: 1 }, { ...step, migrate: (_, about) => void told.push(about) })
    expect(told).toEqual([{ table: 'posts', from: 1, to: 2 }])
  })

  it.each([
    ['no row', 7],
    ['a list', []],
    ['another key', { id: 2 }],
    ['no key', { headline: 'a' }],
  ])('is none where the app answers %s', (_, answer) => {
    expect(() => migrateRow({ id: 1 }, { ...step, migrate: () => answer })).toThrow(
      expect.objectContaining({ code: 'migration-failed', table: 'posts' }),
    )
  })
})

describe('how a change stands to the running code', () => {
  const code = { version: () => 2, migrate: next }
  it.each([
    [{ format: 1, version: 2 }, undefined],
    [{ format: 1, version: 1 }, 'older'],
    [{ format: 1, version: 3 }, 'newer'],
    [{ format: 2, version: 1 }, 'newer'],
  ])('%o: %s', (change, shape) => expect(shapeOf(change, code)).toBe(shape))

  it('is of no matter where the app migrates nothing', () => {
    expect(shapeOf({ format: 1, version: 1 }, { version: () => 2 })).toBeUndefined()
  })
})
