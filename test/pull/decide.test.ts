import { describe, expect, it } from 'vitest'
import type { Change, Row } from '../../src/model/change'
import { conflictRules } from '../../src/model/conflict-options'
import type { Policy } from '../../src/model/conflict-rules'
import type { SyncedTable } from '../../src/model/table'
import { type Arrival, decide, type Verdict } from '../../src/pull/decide'

const notes: SyncedTable = {
  name: 'notes',
  keyPath: 'id',
  keys: 'client',
  push: true,
  pull: 'notes',
  verify: 'pull',
  serverFields: ['v'],
  orderField: 'v',
  conflicts: conflictRules(),
}
const row = (text: string, v: number): Row => ({ id: 'k', text, v })
const known = { table: 'notes', key: 'k' }
const edit: Change = { kind: 'update', key: 'k', before: row('base', 1), set: { text: 'mine' }, unset: [] }
const mine = row('mine', 1)

function decideOn(more: Partial<Arrival>, table: Partial<SyncedTable> = {}): Verdict {
  const arrival: Arrival = {
    remote: row('theirs', 5),
    local: row('base', 1),
    state: undefined,
    waiting: [],
    underway: false,
    held: false,
    unconfirmed: false,
    anew: false,
    ...more,
  }
  return decide(arrival, { ...notes, ...table })
}

const write = (to: Row | null): Verdict => ({ kind: 'write', row: to })
const superseded: Verdict = { kind: 'superseded' }
const incoming: Verdict = { kind: 'incoming' }

describe('a pulled row where nothing waits', () => {
  const table: [string, Partial<Arrival>, Verdict][] = [
    ['is written', {}, write(row('theirs', 5))],
    ['is written where there was none', { local: null }, write(row('theirs', 5))],
    ['is removed when it was deleted there', { remote: null }, write(null)],
    ['is nothing new when it is the same', { local: row('theirs', 5) }, superseded],
    ['is nothing new when it is gone on both sides', { remote: null, local: null }, superseded],
    ['is old below the row that is here', { local: row('newer', 6) }, superseded],
    ['is believed where all is asked anew', { local: row('newer', 6), anew: true }, write(row('theirs', 5))],
    ['is old below the order that was confirmed', { state: { ...known, floor: 6 } }, superseded],
    [
      'is written at the order that was confirmed',
      { state: { ...known, floor: 5 } },
      write(row('theirs', 5)),
    ],
    [
      'is old at the order at which it was deleted here',
      { state: { ...known, floor: 5, tombstone: true } },
      superseded,
    ],
    [
      'is written above the order at which it was deleted here',
      { state: { ...known, floor: 4, tombstone: true } },
      write(row('theirs', 5)),
    ],
    [
      'that was deleted there is removed, whatever was confirmed',
      { remote: null, state: { ...known, floor: 9 } },
      write(null),
    ],
    [
      'that was deleted there before the row here is old',
      { remote: null, deletedAt: 5, local: row('anew', 6) },
      superseded,
    ],
    [
      'that was deleted there at its order is removed',
      { remote: null, deletedAt: 6, local: row('anew', 6) },
      write(null),
    ],
    [
      'that was deleted there is removed where all is asked anew, whatever its order',
      { remote: null, deletedAt: 5, local: row('anew', 6), anew: true },
      write(null),
    ],
    [
      'is kept aside while the record is a person’s to decide',
      { state: { ...known, parked: 'x' } },
      incoming,
    ],
  ]

  it.each(table)('%s', (_, more, verdict) => {
    expect(decideOn(more)).toStrictEqual(verdict)
  })

  it('is never old where nothing has an order', () => {
    const more = { state: { ...known, floor: 9 } }
    expect(decideOn(more, { orderField: undefined } as unknown as Partial<SyncedTable>)).toStrictEqual(
      write(row('theirs', 5)),
    )
  })
})

describe('a pulled row of a record with waiting changes', () => {
  const waiting = { local: mine, waiting: [edit] }

  it('is kept aside while one of them is on its way, and the newest of several is kept', () => {
    expect(decideOn({ ...waiting, underway: true })).toStrictEqual(incoming)
    const older = { ...known, incoming: { row: row('theirs', 6) } }
    expect(decideOn({ ...waiting, underway: true, state: older })).toStrictEqual(superseded)
    const newer = { ...known, incoming: { row: row('theirs', 4) } }
    expect(decideOn({ ...waiting, underway: true, state: newer })).toStrictEqual(incoming)
  })

  it('becomes the base of those a person holds, who sees them on top of it', () => {
    expect(decideOn({ ...waiting, held: true })).toStrictEqual({ kind: 'base', row: row('mine', 5) })
    expect(decideOn({ ...waiting, held: true, remote: null })).toStrictEqual({ kind: 'base', row: mine })
  })

  it('is old below the row they stand on, held or not, unless all is asked anew', () => {
    const newer = { ...known, base: row('newer', 6) }
    expect(decideOn({ ...waiting, state: newer })).toStrictEqual(superseded)
    expect(decideOn({ ...waiting, state: newer, held: true })).toStrictEqual(superseded)
    const made = [{ ...edit, before: row('newer', 6) }]
    expect(decideOn({ local: row('mine', 6), waiting: made, held: true })).toStrictEqual(superseded)
    expect(decideOn({ ...waiting, state: newer, held: true, anew: true }).kind).toBe('base')
  })

  it('is brought together with them on the row they were made on', () => {
    const other = { ...row('base', 5), colour: 'red' }
    expect(decideOn({ ...waiting, remote: other })).toStrictEqual({
      kind: 'resolve',
      base: row('base', 1),
      resolution: { row: { ...other, text: 'mine' }, waiting: 'keep' },
    })
  })

  it('is brought together with them on the base that is remembered, where there is one', () => {
    const base = row('theirs', 4)
    expect(decideOn({ ...waiting, local: row('mine', 4), state: { ...known, base } })).toMatchObject({
      kind: 'resolve',
      base,
      resolution: { waiting: 'keep' },
    })
    expect(decideOn({ ...waiting, state: { ...known, base: null } })).toMatchObject({
      base: null,
      resolution: { conflict: { decision: 'parked' } },
    })
  })

  it('follows the policy of its table where both changed the same', () => {
    const decision = (policy: Policy) => {
      const verdict = decideOn(waiting, { conflicts: conflictRules({ policy }) })
      return verdict.kind === 'resolve' ? verdict.resolution.conflict?.decision : verdict.kind
    }
    expect([decision('server-wins'), decision('client-wins'), decision('merge')]).toEqual([
      'remote',
      'local',
      'local',
    ])
  })

  it('is old below the order that was confirmed', () => {
    expect(decideOn({ ...waiting, state: { ...known, floor: 6 } })).toStrictEqual(superseded)
  })
})

describe('a pulled row that was here before sync', () => {
  const table: [string, Partial<Arrival>, Verdict][] = [
    ['is for a person when it differs', {}, { kind: 'differs' }],
    ['is confirmed when it is the same', { local: row('theirs', 5) }, superseded],
    ['is written when it is not here any more', { local: null }, write(row('theirs', 5))],
    ['is for a person when it was edited since', { local: mine, waiting: [edit] }, { kind: 'differs' }],
  ]

  it.each(table)('%s', (_, more, verdict) => {
    expect(decideOn({ unconfirmed: true, ...more })).toStrictEqual(verdict)
  })
})
