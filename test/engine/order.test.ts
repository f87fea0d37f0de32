import { describe, expect, it } from 'vitest'
import { leavesAtOnce } from '../../src/engine/order'
import type { ChangeKind } from '../../src/model/change'
import type { FenceItem } from '../../src/model/entry'
import type { Verify } from '../../src/model/table'

interface Asked {
  readonly kinds: readonly ChangeKind[]
  readonly order?: 'push-first' | 'pull-first'
  readonly verify?: Verify
  readonly push?: boolean
  readonly pull?: boolean
  /** Kinds of requests the server refuses by itself where the record has changed. */
  readonly guarded?: readonly ChangeKind[]
}

function leaves({
  kinds,
  order = 'push-first',
  verify = 'pull',
  push = true,
  pull = true,
  guarded = [],
}: Asked) {
  const term = {
    protocol: { order, guarded: ({ kind }: FenceItem) => guarded.includes(kind) },
    tables: new Map([['notes', { push, verify, ...(pull && { pull: 'notes' }) }]]),
  }
  const entries = kinds.map((kind, i) => ({ ref: [i + 1, 0] as const, kind, at: 0 }))
  return leavesAtOnce(term as unknown as Parameters<typeof leavesAtOnce>[0], {
    id: 'notes sk',
    table: 'notes',
    key: 'k',
    entries,
  })
}

describe('a change leaves without a look', () => {
  const table: [string, Asked, boolean][] = [
    ['when it makes a row', { kinds: ['create'] }, true],
    ['when it makes a row and edits it', { kinds: ['create', 'update'] }, true],
    ['not when it edits a row', { kinds: ['update'] }, false],
    ['not when it deletes a row', { kinds: ['delete'] }, false],
    ['when its table wants no look', { kinds: ['update'], verify: 'none' }, true],
    ['not when its table wants the row read', { kinds: ['update'], verify: 'get' }, false],
    ['when the server guards edits', { kinds: ['update', 'update'], guarded: ['update'] }, true],
    [
      'not when the server guards edits, and it is a deletion in the end',
      { kinds: ['update', 'delete'], guarded: ['update'] },
      false,
    ],
    [
      'when the server guards deletions, and it is one in the end',
      { kinds: ['update', 'delete'], guarded: ['delete'] },
      true,
    ],
    ['not when its table is not pushed', { kinds: ['create'], push: false }, false],
    [
      'not where the pull comes first, not even one that makes a row',
      { kinds: ['create'], order: 'pull-first' },
      false,
    ],
    [
      'not where the pull comes first, whatever its table wants',
      { kinds: ['update'], order: 'pull-first', verify: 'none' },
      false,
    ],
    [
      'where the pull comes first but its table has none',
      { kinds: ['update'], order: 'pull-first', pull: false },
      true,
    ],
  ]

  it.each(table)('%s', (_, asked, atOnce) => {
    expect(leaves(asked)).toBe(atOnce)
  })
})
