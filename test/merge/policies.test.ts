import { describe, expect, it } from 'vitest'
import { type Choice, choose } from '../../src/merge/policies'
import type { Row } from '../../src/model/change'
import type { Policy } from '../../src/model/table'

const row: Row = { id: 'k' }

describe('whose side a conflict is settled on', () => {
  const table: [string, Row | null | undefined, Row | null, Row | null, Record<Policy, Choice>][] = [
    ['both edited', row, row, row, { 'server-wins': 'remote', 'client-wins': 'local', merge: 'local' }],
    [
      'edited here, deleted there',
      row,
      row,
      null,
      { 'server-wins': 'remote', 'client-wins': 'local', merge: 'local' },
    ],
    [
      'deleted here, edited there',
      row,
      null,
      row,
      { 'server-wins': 'remote', 'client-wins': 'local', merge: 'remote' },
    ],
    ['both made it', null, row, row, { 'server-wins': 'remote', 'client-wins': 'local', merge: 'park' }],
    [
      'nobody knows what it was',
      undefined,
      row,
      row,
      { 'server-wins': 'remote', 'client-wins': 'local', merge: 'park' },
    ],
  ]

  it.each(table)('%s', (_, base, local, remote, says) => {
    for (const [policy, choice] of Object.entries(says))
      expect(choose(policy as Policy, { base, local, remote }), policy).toBe(choice)
  })
})
