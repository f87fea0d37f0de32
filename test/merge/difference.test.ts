import { describe, expect, it } from 'vitest'
import { differingFields } from '../../src/merge/difference'
import type { Row } from '../../src/model/change'

describe('the fields in which two rows differ', () => {
  const table: [string, Row | null, Row | null, string[], string[]][] = [
    ['none', { a: 1 }, { a: 1 }, [], []],
    ['one that changed', { a: 1, b: 1 }, { a: 2, b: 1 }, [], ['a']],
    ['one that was added', { a: 1 }, { a: 1, b: 1 }, [], ['b']],
    ['one that was removed', { a: 1, b: 1 }, { b: 1 }, [], ['a']],
    ['all of a row the other side does not have', null, { a: 1, b: 1 }, [], ['a', 'b']],
    ['none of two rows that do not exist', null, null, [], []],
    ['none that are left out', { a: 1, b: 1 }, { a: 2, b: 2 }, ['b'], ['a']],
    [
      'those that differ deep inside',
      { a: { x: [1] }, b: { x: [1] } },
      { a: { x: [2] }, b: { x: [1] } },
      [],
      ['a'],
    ],
    ['not one that is there without a value', { a: undefined }, {}, [], []],
  ]

  it.each(table)('%s', (_, a, b, ignored, fields) => {
    expect(differingFields(a, b, ignored)).toEqual(fields)
    expect(differingFields(b, a, ignored).sort()).toEqual([...fields].sort())
  })
})
