import { describe, expect, it } from 'vitest'
import type { Change, Row } from '../../src/model/change'
import type { FenceItem } from '../../src/model/entry'
import { type Accepted, settleAccepted } from '../../src/push/settlement'

const base: Row = { id: 'k', text: 'base', v: 1 }
const sent: Row = { id: 'k', text: 'mine', v: 1 }
const served = (text: string, v: number): Row => ({ id: 'k', text, v })

const item = (more: Partial<FenceItem> = {}): FenceItem => ({
  table: 'notes',
  key: 'k',
  kind: 'update',
  entries: [[1, 0]],
  ops: ['op'],
  row: sent,
  base,
  ...more,
})
const update = (set: Row): Change => ({ kind: 'update', key: 'k', before: sent, set, unset: [] })

function settleWith(more: Partial<Accepted>) {
  return settleAccepted({
    item: item(),
    key: 'k',
    answer: undefined,
    etag: undefined,
    incoming: undefined,
    state: undefined,
    remaining: [],
    orderField: 'v',
    serverFields: ['v'],
    pulled: true,
    now: 500,
    ...more,
  })
}

describe('the row of an accepted change', () => {
  const table: [string, Partial<Accepted>, Row | null][] = [
    ['is what was sent where the server says nothing', {}, sent],
    ['has the answer on top', { answer: { v: 2, extra: 'x' } }, { ...sent, v: 2, extra: 'x' }],
    ['has no server field the app wrote', { item: item({ row: { ...sent, v: 99 } }) }, sent],
    [
      'has no server field the server never had',
      { item: item({ row: { ...sent, v: 99 }, base: { id: 'k', text: 'base' } }) },
      { id: 'k', text: 'mine' },
    ],
    [
      'keeps the server fields a create was sent with, until the server says its own',
      { item: item({ kind: 'create', base: null }) },
      sent,
    ],
    [
      'is what came meanwhile, if that is newer',
      { answer: { v: 2 }, incoming: served('theirs', 3) },
      served('theirs', 3),
    ],
    [
      'is the answer, if what came meanwhile is older',
      { answer: { v: 3 }, incoming: served('theirs', 2) },
      { ...sent, v: 3 },
    ],
    [
      'is what came meanwhile where the answer has no order',
      { incoming: served('theirs', 3) },
      served('theirs', 3),
    ],
    [
      'is what came meanwhile where nothing has an order',
      { answer: { x: 1 }, incoming: served('theirs', 3), orderField: undefined },
      served('theirs', 3),
    ],
    ['is gone when it was deleted there after an update', { answer: { v: 2 }, incoming: null }, null],
    [
      'stands when a deletion came while it was made: that was of the one before',
      { item: item({ kind: 'create', base: null }), incoming: null },
      sent,
    ],
    [
      'is gone when a deletion came while it was made that is later than its answer',
      {
        item: item({ kind: 'create', base: null }),
        answer: { v: 2 },
        incoming: null,
        state: { table: 't', key: 'k', incoming: { row: null, deletedAt: 3 } },
      },
      null,
    ],
    [
      'stands when a deletion came while it was made that is earlier than its answer',
      {
        item: item({ kind: 'create', base: null }),
        answer: { v: 2 },
        incoming: null,
        state: { table: 't', key: 'k', incoming: { row: null, deletedAt: 1 } },
      },
      { ...sent, v: 2 },
    ],
    ['is gone after a delete', { item: item({ kind: 'delete', row: null }) }, null],
    [
      'is gone after a delete, whatever came meanwhile',
      { item: item({ kind: 'delete', row: null }), incoming: served('theirs', 9) },
      null,
    ],
    [
      'keeps what was written meanwhile',
      { answer: { v: 2 }, remaining: [update({ text: 'later' })] },
      { ...sent, v: 2, text: 'later' },
    ],
    [
      'keeps what was written meanwhile, until that has met what came meanwhile',
      { incoming: { ...served('theirs', 3), other: 1 }, remaining: [update({ text: 'later' })] },
      { ...sent, text: 'later' },
    ],
    [
      'is gone when it was deleted here meanwhile',
      { remaining: [{ kind: 'delete', key: 'k', before: sent }] },
      null,
    ],
  ]

  it.each(table)('%s', (_, more, row) => {
    expect(settleWith(more).row).toStrictEqual(row)
  })
})

describe('what is remembered of it', () => {
  it('is a receipt with the order below which a page is old', () => {
    expect(settleWith({ answer: { v: 2 } }).state).toStrictEqual({
      table: 'notes',
      key: 'k',
      floor: 2,
      settledAt: 500,
    })
  })

  it('is the server’s row as base while later changes wait, and no receipt', () => {
    const { state } = settleWith({ answer: { v: 2 }, remaining: [update({ text: 'later' })] })
    expect(state).toStrictEqual({
      table: 'notes',
      key: 'k',
      floor: 2,
      base: { ...sent, v: 2 },
      acceptedAt: 500,
    })
  })

  it('is also what came meanwhile, where later changes have not met it', () => {
    const incoming = served('theirs', 3)
    const { state } = settleWith({ answer: { v: 2 }, incoming, remaining: [update({ text: 'later' })] })
    const base = { ...sent, v: 2 }
    expect(state).toStrictEqual({
      table: 'notes',
      key: 'k',
      floor: 3,
      base,
      incoming: { row: incoming },
      acceptedAt: 500,
    })
  })

  it('is a tombstone after a delete', () => {
    const { state } = settleWith({ item: item({ kind: 'delete', row: null }) })
    expect(state).toStrictEqual({ table: 'notes', key: 'k', floor: 1, tombstone: true, settledAt: 500 })
  })

  it('is that it does not exist, for a row made again while its deletion was on its way', () => {
    const again: Change = { kind: 'create', key: 'k', row: sent }
    const { row, state } = settleWith({ item: item({ kind: 'delete', row: null }), remaining: [again] })
    expect([row, state]).toStrictEqual([
      sent,
      { table: 'notes', key: 'k', floor: 1, base: null, acceptedAt: 500 },
    ])
  })

  it('is nothing where the table is never pulled', () => {
    expect(settleWith({ pulled: false }).state).toBeNull()
    expect(settleWith({ pulled: false, remaining: [update({})] }).state).not.toBeNull()
  })

  it('has the key of the server and its etag', () => {
    expect(settleWith({ key: 7, etag: '"2"' }).state).toMatchObject({ key: 7, etag: '"2"' })
  })

  const floors: [string, Partial<Accepted>, unknown][] = [
    ['of the row it was made on', {}, 1],
    ['of the answer', { answer: { v: 4 } }, 4],
    ['of what came meanwhile', { answer: { v: 4 }, incoming: served('theirs', 6) }, 6],
    ['known before', { answer: { v: 4 }, state: { table: 'notes', key: 'k', floor: 9 } }, 9],
    ['never of what the app wrote', { item: item({ row: { ...sent, v: 99 } }) }, 1],
    ['of nothing where there is no order', { orderField: undefined }, undefined],
  ]

  it.each(floors)('has the highest order: %s', (_, more, floor) => {
    expect(settleWith(more).state?.floor).toBe(floor)
  })
})
