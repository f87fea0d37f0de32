import { describe, expect, it } from 'vitest'
import { conflictingFields } from '../../src/merge/conflicting-fields'
import { type Resolution, resolve } from '../../src/merge/resolve'
import type { Row } from '../../src/model/change'
import type { Policy } from '../../src/model/conflict-rules'
import { bringTogether } from '../../src/outbox/bring-together'
import { base, changesTo, rulesOf, show, sidesOf } from './edits'

const policies = ['server-wins', 'client-wins', 'merge'] as const
const bring = (from: Row | null | undefined, local: Row | null, remote: Row | null, policy: Policy) =>
  bringTogether({ base: from, local, remote }, changesTo(from, local), rulesOf({ policy }))

const mineA = { ...base, a: 2 }
const mineAB = { id: 'k', a: 2, b: 2 }
const theirsA = { ...base, a: 3 }
const theirsB = { ...base, b: 3 }
const kept: Resolution = { row: { ...mineA, b: 3 }, waiting: 'keep' }

type Says = Pick<Resolution, 'row' | 'waiting'> & { decision?: string; fields?: string[] }

describe('what each policy makes of two sides', () => {
  const table: [
    string,
    Row | null | undefined,
    Row | null,
    Row | null,
    Record<(typeof policies)[number], Says>,
  ][] = [
    ['different fields', base, mineA, theirsB, { 'server-wins': kept, 'client-wins': kept, merge: kept }],
    [
      'one field',
      base,
      mineA,
      theirsA,
      {
        'server-wins': { row: theirsA, waiting: 'drop', decision: 'remote', fields: ['a'] },
        'client-wins': { row: mineA, waiting: 'keep', decision: 'local', fields: ['a'] },
        merge: { row: mineA, waiting: 'keep', decision: 'local', fields: ['a'] },
      },
    ],
    [
      'one field, and another here',
      base,
      mineAB,
      theirsA,
      {
        'server-wins': { row: { ...theirsA, b: 2 }, waiting: 'replace', decision: 'merged', fields: ['a'] },
        'client-wins': { row: mineAB, waiting: 'keep', decision: 'local', fields: ['a'] },
        merge: { row: mineAB, waiting: 'keep', decision: 'local', fields: ['a'] },
      },
    ],
    [
      'a field removed there and changed here',
      base,
      mineA,
      { id: 'k', b: 1 },
      {
        'server-wins': { row: { id: 'k', b: 1 }, waiting: 'drop', decision: 'remote', fields: ['a'] },
        'client-wins': { row: mineA, waiting: 'keep', decision: 'local', fields: ['a'] },
        merge: { row: mineA, waiting: 'keep', decision: 'local', fields: ['a'] },
      },
    ],
    [
      'edited here, deleted there',
      base,
      mineA,
      null,
      {
        'server-wins': { row: null, waiting: 'drop', decision: 'remote' },
        'client-wins': { row: mineA, waiting: 'replace', decision: 'local' },
        merge: { row: mineA, waiting: 'replace', decision: 'local' },
      },
    ],
    [
      'deleted here, edited there',
      base,
      null,
      theirsA,
      {
        'server-wins': { row: theirsA, waiting: 'drop', decision: 'remote' },
        'client-wins': { row: null, waiting: 'keep', decision: 'local' },
        merge: { row: theirsA, waiting: 'drop', decision: 'remote' },
      },
    ],
    [
      'made on both sides',
      null,
      mineA,
      theirsA,
      {
        'server-wins': { row: theirsA, waiting: 'drop', decision: 'remote', fields: ['a'] },
        'client-wins': { row: mineA, waiting: 'keep', decision: 'local', fields: ['a'] },
        merge: { row: mineA, waiting: 'keep', decision: 'parked', fields: ['a'] },
      },
    ],
    [
      'made on both sides, and a field more there that nobody here has removed',
      undefined,
      { id: 'k', a: 2 },
      theirsB,
      {
        'server-wins': { row: theirsB, waiting: 'drop', decision: 'remote', fields: ['a', 'b'] },
        'client-wins': {
          row: { ...theirsB, a: 2 },
          waiting: 'replace',
          decision: 'local',
          fields: ['a', 'b'],
        },
        merge: { row: { id: 'k', a: 2 }, waiting: 'keep', decision: 'parked', fields: ['a', 'b'] },
      },
    ],
  ]

  it.each(table.flatMap(([name, ...rest]) => policies.map((policy) => [name, policy, ...rest] as const)))(
    '%s: %s',
    (_, policy, from, local, remote, says) => {
      const { conflict, ...rest } = bring(from, local, remote, policy)
      const { decision, fields, ...expected } = says[policy]
      expect(rest).toStrictEqual(expected)
      expect(conflict?.decision).toBe(decision)
      if (fields) expect(conflict?.fields).toEqual(fields)
    },
  )
})

describe('where nobody disagrees', () => {
  const quiet: [string, Row | null, Row | null, Resolution][] = [
    ['both did the same', mineA, mineA, { row: mineA, waiting: 'drop' }],
    ['both deleted it', null, null, { row: null, waiting: 'drop' }],
    ['only this side did something', mineA, base, { row: mineA, waiting: 'keep' }],
    ['only this side deleted it', null, base, { row: null, waiting: 'keep' }],
    ['what was done here was undone, and they changed it', base, theirsA, { row: theirsA, waiting: 'drop' }],
    ['what was done here was undone, and they deleted it', base, null, { row: null, waiting: 'drop' }],
  ]

  it.each(quiet.flatMap(([name, ...rest]) => policies.map((policy) => [name, policy, ...rest] as const)))(
    '%s: %s says nothing',
    (_, policy, local, remote, expected) => {
      expect(bring(base, local, remote, policy)).toStrictEqual(expected)
    },
  )

  it('the fields of the server are its own: taken from it, never contested', () => {
    const rules = rulesOf({ policy: 'merge' }, ['v'])
    const versions = { base: { ...base, v: 1 }, local: { ...mineA, v: 1 }, remote: { ...base, v: 2 } }
    const resolution = bringTogether(versions, changesTo(versions.base, versions.local), rules)
    expect(resolution).toStrictEqual({ row: { ...mineA, v: 2 }, waiting: 'keep' })
    const same = { base, local: { ...mineA, v: 1 }, remote: { ...mineA, v: 7 } }
    expect(resolve(same, null, rules)).toStrictEqual({ row: same.remote, waiting: 'drop' })
    expect(conflictingFields({ ...versions, local: { ...base, v: 9 } }, rules)).toEqual([])
  })
})

/**
 * What may not happen, told without the library: `field` of the result against the three rows. Undefined = all is well.
 */
function lost(
  from: Row,
  local: Row,
  remote: Row,
  row: Row,
  told: readonly string[],
  field: string,
): string | undefined {
  const [was, mine, theirs, now] = [from[field], local[field], remote[field], row[field]]
  if (mine === theirs) return now === mine ? undefined : 'what both agree on'
  if (was === theirs) return now === mine ? undefined : 'a change of this side'
  if (was === mine) return now === theirs ? undefined : 'a change of the other side'
  if (!told.includes(field)) return 'a word about a field both changed'
  return now === mine || now === theirs ? undefined : 'both values'
}

describe('nothing of either side is lost without a word', () => {
  const pairs = sidesOf(2).flatMap((local) =>
    [...sidesOf(3), ...sidesOf(2)].map((remote) => ({ local, remote })),
  )
  const starts = [base, null, undefined]

  it.each(policies)('with %s, whatever two sides do to a row of two fields', (policy) => {
    for (const from of starts)
      for (const { local, remote } of pairs) {
        const name = `${show(from)}: here ${show(local)}, there ${show(remote)}`
        const { row, waiting, conflict } = bring(from, local, remote, policy)
        const told = conflict?.fields ?? []
        if (conflict?.decision === 'parked') expect(row, name).toEqual(local)
        else if (from && local && remote && row)
          for (const field of ['a', 'b'])
            expect(lost(from, local, remote, row, told, field), `${name}: ${field}`).toBeUndefined()
        else if (from && (local === null) !== (remote === null)) {
          const untouched = show(local ?? remote) === show(from)
          if (untouched) expect([row, conflict], name).toEqual([null, undefined])
          else expect([JSON.stringify(local), JSON.stringify(remote)], name).toContain(JSON.stringify(row))
          if (!untouched) expect(told.length, name).toBeGreaterThan(0)
        }
        if (waiting === 'drop') expect(row, name).toEqual(remote)
        if (waiting === 'replace') expect(row, name).not.toEqual(remote)
      }
  })

  it.each(policies)(
    'with %s, what the waiting changes will tell the server is the row that is here',
    (policy) => {
      for (const { local, remote } of pairs) {
        const { row, waiting, conflict } = bring(base, local, remote, policy)
        if (waiting !== 'keep' || conflict?.decision === 'parked') continue
        const [change] = changesTo(base, local)
        const gone = change?.kind === 'delete'
        const served: Row | null = gone ? null : { ...remote, ...change?.set }
        for (const field of change?.unset ?? []) delete served?.[field]
        expect(served, `here ${show(local)}, there ${show(remote)}`).toEqual(row)
      }
    },
  )
})
