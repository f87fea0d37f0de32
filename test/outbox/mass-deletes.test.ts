import { describe, expect, it } from 'vitest'
import type { ChangeKind, StoredLogRecord } from '../../src/model/change'
import { isMassDelete, MassDeletes } from '../../src/outbox/mass-deletes'

let seq = 0
function logRecord(
  tx: string,
  kinds: readonly ChangeKind[],
  more: Partial<StoredLogRecord> = {},
): StoredLogRecord {
  seq += 1
  const changes = kinds.map((kind, key) => ({ kind, key }))
  return {
    seq,
    format: 1,
    id: `${seq}`,
    tx,
    table: 'notes',
    at: seq,
    schemaVersion: 1,
    identity: '',
    changes,
    ...more,
  }
}

const deletes = (count: number): ChangeKind[] => Array.from({ length: count }, () => 'delete')
const suspect = (count: number, more: { clear?: boolean; creates?: number } = {}) => ({
  table: 'notes',
  at: 0,
  clear: false,
  creates: 0,
  deletes: Array.from({ length: count }, (_, i) => [1, i] as const),
  ...more,
})

describe('deletions that may be meant as "empty the table"', () => {
  const table: [string, StoredLogRecord[], number[]][] = [
    ['20 in one transaction', [logRecord('a', deletes(20))], [20]],
    ['19 in one transaction are too few', [logRecord('a', deletes(19))], []],
    [
      '20 in several calls of one transaction',
      [logRecord('a', deletes(12)), logRecord('a', deletes(8))],
      [20],
    ],
    [
      '20 in two transactions are two times 10',
      [logRecord('a', deletes(10)), logRecord('b', deletes(10))],
      [],
    ],
    [
      '20 in two tables are two times 10',
      [logRecord('a', deletes(10)), logRecord('a', deletes(10), { table: 'posts' })],
      [],
    ],
    ['a clear of one row', [logRecord('a', deletes(1), { clear: true })], [1]],
    ['a clear of nothing', [logRecord('a', [], { clear: true })], []],
    ['what a person has confirmed', [logRecord('a', deletes(50), { confirmed: true })], []],
    [
      'updates',
      [
        logRecord(
          'a',
          Array.from({ length: 50 }, () => 'update' as const),
        ),
      ],
      [],
    ],
  ]

  it.each(table)('%s', (_, records, found) => {
    const watch = new MassDeletes()
    for (const record of records) watch.take(record)
    expect(watch.takeSuspects().map((one) => one.deletes.length)).toEqual(found)
    expect(watch.takeSuspects()).toEqual([])
  })

  it('are not those that are done or held already', () => {
    const watch = new MassDeletes()
    const record = logRecord('a', deletes(20))
    watch.take(record, { seq: record.seq, marks: { 0: 'done', 1: { held: 'parked', by: 'x' } } })
    expect(watch.takeSuspects()).toEqual([])
  })

  it('name each change, and count the rows made in the same transaction', () => {
    const watch = new MassDeletes()
    const first = logRecord('a', deletes(1), { clear: true })
    watch.take(first)
    watch.take(logRecord('a', ['create', 'create']))
    expect(watch.takeSuspects()).toMatchObject([
      { table: 'notes', clear: true, creates: 2, deletes: [[first.seq, 0]] },
    ])
  })
})

describe('deletions are asked about', () => {
  const table: [string, ReturnType<typeof suspect>, number, number, boolean][] = [
    ['when they are more than half of the rows there were', suspect(21), 19, 0.5, true],
    ['not when they are half', suspect(20), 20, 0.5, false],
    ['when nothing is left', suspect(20), 0, 0.5, true],
    ['counting rows made meanwhile as not there before', suspect(20, { creates: 15 }), 30, 0.5, true],
    ['as a share that is set', suspect(20), 70, 0.2, true],
    ['never, where the share is 1', suspect(100), 0, 1, false],
    ['never, where the share is 1, not even a clear', suspect(100, { clear: true }), 0, 1, false],
    ['always when the whole table was cleared', suspect(1, { clear: true }), 1_000, 0.5, true],
  ]

  it.each(table)('%s', (_, one, rowsNow, ratio, asked) => {
    expect(isMassDelete({ ...one, deletes: [...one.deletes] }, rowsNow, ratio)).toBe(asked)
  })
})
