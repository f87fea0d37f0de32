import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change, Row } from '../../src/model/change'
import { applyChange, applyChanges, coalesce } from '../../src/outbox/coalesce'

const key = 'k'
const base: Row = { id: key, a: 1, b: 2 }
const create = (row: Row): Change => ({ kind: 'create', key, row })
const update = (before: Row, set: Row, unset: string[] = []): Change => ({
  kind: 'update',
  key,
  before,
  set,
  unset,
})
const remove = (before: Row): Change => ({ kind: 'delete', key, before })

describe('two changes that were never sent', () => {
  const other = { id: key, a: 9 }
  const pairs: [string, Change, Change, Change | null][] = [
    ['create + update', create(base), update(base, { a: 5 }, ['b']), create({ id: key, a: 5 })],
    ['create + delete', create(base), remove(base), null],
    ['create + create', create(base), create(other), create(other)],
    [
      'update + update',
      update(base, { a: 5 }),
      update({ ...base, a: 5 }, { b: 6 }),
      update(base, { a: 5, b: 6 }),
    ],
    [
      'update + update of the same field',
      update(base, { a: 5 }),
      update({ ...base, a: 5 }, { a: 7 }),
      update(base, { a: 7 }),
    ],
    [
      'setting a field + removing it',
      update(base, { a: 5 }),
      update({ ...base, a: 5 }, {}, ['a']),
      update(base, {}, ['a']),
    ],
    [
      'removing a field + setting it',
      update(base, {}, ['a']),
      update({ id: key, b: 2 }, { a: 5 }),
      update(base, { a: 5 }),
    ],
    ['update + delete', update(base, { a: 5 }), remove({ ...base, a: 5 }), remove(base)],
    ['update + create', update(base, { a: 5 }), create(other), update(base, other, ['b'])],
    ['delete + create', remove(base), create(other), update(base, other, ['b'])],
    ['delete + delete', remove(base), remove(base), remove(base)],
    ['delete + update', remove(base), update(base, { a: 5 }), update(base, { ...base, a: 5 })],
  ]

  it.each(pairs)('fold into one: %s', (_, first, next, folded) => {
    expect(coalesce([first, next])).toStrictEqual(folded)
  })

  it('are left as they are where there is one alone, and are nothing where there is none', () => {
    const one = update(base, { a: 5 })
    expect(coalesce([one])).toBe(one)
    expect(coalesce([])).toBeNull()
  })
})

describe('a change on a row', () => {
  const table: [string, Row | null, Change, Row | null][] = [
    ['create', null, create(base), base],
    ['create over a row', { id: key, z: 1 }, create(base), base],
    ['update', base, update(base, { a: 5 }, ['b']), { id: key, a: 5 }],
    ['update keeps what others changed', { ...base, c: 3 }, update(base, { a: 5 }), { ...base, a: 5, c: 3 }],
    [
      'update of a row that is gone brings back what it knew',
      null,
      update(base, { a: 5 }),
      { ...base, a: 5 },
    ],
    ['delete', base, remove(base), null],
    ['delete of a row that is gone', null, remove(base), null],
  ]

  it.each(table)('%s', (_, row, change, after) => {
    const copy = structuredClone(row)
    expect(applyChange(row, change)).toStrictEqual(after)
    expect(row).toStrictEqual(copy)
  })
})

/** One step of an app that works on one row: what it would write now, given what is there. */
const step = fc.record({
  deed: fc.constantFrom('put', 'update', 'delete'),
  field: fc.constantFrom('a', 'b', 'c'),
  value: fc.option(fc.nat(3), { nil: undefined }),
})
type Step = { deed: string; field: string; value: number | undefined }

/** What happens when the app takes these steps, told without the rules under test. */
function live(start: Row | null, steps: readonly Step[]): { changes: Change[]; end: Row | null } {
  let row = start
  const changes: Change[] = []
  for (const { deed, field, value } of steps) {
    const before = row
    if (deed === 'delete') {
      if (!before) continue
      row = null
      changes.push(remove(before))
    } else if (!before) {
      row = value === undefined ? { id: key } : { id: key, [field]: value }
      changes.push(create(row))
    } else {
      const kept = Object.fromEntries(
        Object.entries(before).filter(([name]) => deed === 'update' || name === 'id'),
      )
      const { [field]: _, ...without } = kept
      row = value === undefined ? without : { ...without, [field]: value }
      const next = row
      changes.push(
        update(
          before,
          Object.fromEntries(Object.entries(next).filter(([name, now]) => before[name] !== now)),
          Object.keys(before).filter((name) => !(name in next)),
        ),
      )
    }
  }
  return { changes, end: row }
}

describe('a long history of one row', () => {
  const history = fc.tuple(fc.constantFrom<Row | null>(null, base), fc.array(step, { maxLength: 40 }))

  it('applied change by change gives the row the app has', () => {
    fc.assert(
      fc.property(history, ([start, steps]) => {
        const { changes, end } = live(start, steps)
        expect(applyChanges(start, changes)).toStrictEqual(end)
      }),
    )
  })

  it('folded into one has the same effect, and stands on the same row', () => {
    fc.assert(
      fc.property(history, ([start, steps]) => {
        const { changes, end } = live(start, steps)
        const folded = coalesce(changes)
        expect(folded ? applyChange(start, folded) : start).toStrictEqual(end)
        if (folded && start) expect(folded.before).toStrictEqual(start)
      }),
    )
  })

  it('folded in two halves has the same effect as folded at once', () => {
    fc.assert(
      fc.property(history, fc.nat(40), ([start, steps], cut) => {
        const { changes } = live(start, steps)
        const halves = [coalesce(changes.slice(0, cut)), coalesce(changes.slice(cut))]
        const whole = coalesce(changes)
        const folded = coalesce(halves.filter((half) => half !== null))
        expect(folded && applyChange(start, folded)).toStrictEqual(whole && applyChange(start, whole))
      }),
    )
  })
})
