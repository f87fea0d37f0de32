import { describe, expect, it } from 'vitest'
import { changeBetween } from '../../src/merge/change-between'
import type { Change, Row } from '../../src/model/change'
import { applyChange } from '../../src/outbox/coalesce'
import { base, sidesOf } from './edits'

describe('the change between two rows', () => {
  const table: [string, Row | null, Row | null, Change | null][] = [
    ['is nothing where they are the same', base, { ...base }, null],
    ['is nothing where neither exists', null, null, null],
    ['is a create', null, base, { kind: 'create', key: 'k', row: base }],
    ['is a delete', base, null, { kind: 'delete', key: 'k', before: base }],
    [
      'is an update of what differs',
      base,
      { id: 'k', a: 2, c: [1] },
      { kind: 'update', key: 'k', before: base, set: { a: 2, c: [1] }, unset: ['b'] },
    ],
  ]

  it.each(table)('%s', (_, from, to, change) => {
    expect(changeBetween('k', from, to)).toStrictEqual(change)
  })

  it('leads from the one to the other, whichever they are', () => {
    for (const from of sidesOf(2))
      for (const to of sidesOf(3)) {
        const change = changeBetween('k', from, to)
        expect(change ? applyChange(from, change) : from).toStrictEqual(to)
      }
  })
})
