import { describe, expect, it } from 'vitest'
import { checkRuling, checkValue } from '../../src/merge/app-answer'

const cyclic: Record<string, unknown> = { id: 'k' }
cyclic.list = [{ cyclic }]
const shared = { deep: true }

describe('an answer of onConflict', () => {
  it.each<[string, unknown]>([
    ['a row', { id: 'k', at: new Date(0), list: [1, [2]], bytes: new Uint8Array([1]) }],
    ['a row that holds one object twice', { a: shared, b: shared }],
    ['a row without a prototype', Object.assign(Object.create(null), { id: 'k' })],
    ['null', null],
    ['undefined', undefined],
    ['local', 'local'],
    ['remote', 'remote'],
    ['park', 'park'],
  ])('is taken: %s', (_, answer) => {
    expect(checkRuling(answer)).toEqual({ value: answer })
  })

  it.each<[string, unknown]>([
    ['a number', 1],
    ['a word', 'both'],
    ['true', true],
    ['a list', []],
    ['a date', new Date()],
    ['a map', new Map()],
    ['a function', () => {}],
    ['a symbol', Symbol('x')],
    ['a row with a function', { f() {} }],
    ['a row that contains itself', cyclic],
    [
      'a map in a row that contains the row',
      ((row) => Object.assign(row, { map: new Map([['row', row]]) }))({}),
    ],
  ])('is refused: %s', (_, answer) => {
    expect(checkRuling(answer)).toEqual({ complaint: expect.stringContaining('answered') })
  })

  it('is a copy: what the app does to its row afterwards changes nothing', () => {
    const row = { id: 'k', list: [1] }
    const checked = checkRuling(row)
    row.list.push(2)
    expect(checked).toEqual({ value: { id: 'k', list: [1] } })
  })

  it('may be nested deeper than anybody can look', () => {
    let deep: unknown = 1
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(checkValue(deep)).toEqual({ complaint: expect.stringContaining('stored') })
  })
})
