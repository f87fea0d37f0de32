import { describe, expect, it } from 'vitest'
import type { Page } from '../../src/model/checkpoint'
import { conflictRules } from '../../src/model/conflict-options'
import type { ConflictOptions } from '../../src/model/conflict-rules'
import type { Term } from '../../src/outbox/term'
import { observeTimes } from '../../src/pull/observe-times'

const time = (minute: number) => Date.UTC(2030, 0, 1, 0, minute)
const page: Page = {
  changes: [
    {
      table: 'notes',
      rows: [
        { id: 'a', at: '2030-01-01T00:01:00Z' },
        { id: 'b', at: '2030-01-01 00:03:00' },
        { id: 'c', at: null },
        { id: 'd' },
        { id: 'e', at: '2030-01-01T00:02:00Z' },
      ],
      deleted: ['f'],
    },
  ],
  more: false,
}

function observed(options: ConflictOptions): number[] {
  const seen: number[] = []
  const tables = new Map([['notes', { conflicts: conflictRules(options) }]]) as unknown as Term['tables']
  observeTimes(
    { tables, clock: { observe: (at: number) => seen.push(at) } as unknown as Term['clock'] },
    page,
  )
  return seen
}

describe('the times of a page', () => {
  const table: [string, ConflictOptions, number[]][] = [
    ['are seen once, by the latest', { policy: 'lww', clock: 'at' }, [time(3)]],
    ['are seen where one field goes by time', { fields: { text: 'lww' }, clock: 'at' }, [time(3)]],
    ['are nobody’s business where nothing goes by time', { policy: 'merge', clock: 'at' }, []],
    ['are none where no row tells one', { policy: 'lww', clock: 'when' }, []],
    [
      'are told by a function',
      { policy: 'lww', clock: ({ id }) => (id === 'c' ? new Date(time(9)) : undefined) },
      [time(9)],
    ],
    [
      'are those it can tell, where it throws',
      {
        policy: 'lww',
        clock: ({ at }) => {
          if (!at) throw new Error('no time')
          return String(at)
        },
      },
      [time(3)],
    ],
  ]

  it.each(table)('%s', (_, options, times) => {
    expect(observed(options)).toEqual(times)
  })
})
