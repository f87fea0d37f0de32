import { describe, expect, it } from 'vitest'
import { select } from '../../src/outbox/select'
import type { WaitingEntry, WaitingRecord } from '../../src/outbox/waiting'

const dead = { held: 'dead' as const, by: 'letter' }

function record(id: string, ...marks: Partial<WaitingEntry>[]): WaitingRecord {
  const entries = marks.map((mark, i): WaitingEntry => ({ ref: [i + 1, 0], kind: 'update', at: 0, ...mark }))
  return { id, table: 'notes', key: id, entries }
}

const always = () => true
const idsOf = (records: readonly WaitingRecord[]) => records.map(({ id }) => id)

describe('what may leave next', () => {
  const table: [string, WaitingRecord[], number, string[]][] = [
    ['everything in the order it was made', [record('b', {}), record('a', {})], 9, ['b', 'a']],
    ['no more than there is room for', [record('a', {}), record('b', {}), record('c', {})], 2, ['a', 'b']],
    ['nothing where there is no room', [record('a', {})], 0, []],
    ['nothing where there is less than no room', [record('a', {})], -1, []],
    [
      'not what is on its way, nor what came after it',
      [record('a', { fence: 'f' }, {}), record('b', {})],
      9,
      ['b'],
    ],
    [
      'not what is held, nor what came after it',
      [record('a', { held: dead }, {}), record('b', {})],
      9,
      ['b'],
    ],
    ['what goes by itself too', [record('a', { apart: true })], 9, ['a']],
  ]

  it.each(table)('is %s', (_, records, limit, selected) => {
    expect(idsOf(select(records, limit, always))).toEqual(selected)
  })

  it('leaves out what is told to wait, without using up its room', () => {
    const records = [record('a', {}), record('b', {}), record('c', {})]
    expect(idsOf(select(records, 2, ({ id }) => id !== 'a'))).toEqual(['b', 'c'])
  })

  it('looks no further than it must', () => {
    let looked = 0
    function* endless() {
      for (;;) yield record(`r${looked++}`, {})
    }
    expect(select(endless(), 3, always)).toHaveLength(3)
    expect(looked).toBe(3)
  })
})
