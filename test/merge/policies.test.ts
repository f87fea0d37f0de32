import { describe, expect, it } from 'vitest'
import { type Choice, chooseDeletion, chooseEdit, chooseRow } from '../../src/merge/policies'
import type { OnDelete, Policy } from '../../src/model/conflict-rules'

const row = { id: 'k' }

describe('whose side two edits are settled on', () => {
  const table: [Policy, Choice, Choice][] = [
    ['server-wins', 'remote', 'remote'],
    ['client-wins', 'local', 'local'],
    ['lww', 'remote', 'remote'],
    ['merge', 'local', 'park'],
    ['custom', 'park', 'park'],
    ['park', 'park', 'park'],
  ]

  it.each(table)('%s: %s with a common base, %s without', (policy, edits, rows) => {
    expect(chooseEdit(policy, undefined)).toBe(edits)
    expect(chooseRow(policy, undefined)).toBe(rows)
  })

  it('is that of the later one with lww', () => {
    for (const choose of [chooseEdit, chooseRow])
      expect([choose('lww', true), choose('lww', false)]).toEqual(['local', 'remote'])
  })
})

describe('whose side an edit against a deletion is settled on', () => {
  // By who is named, and what the policy says where nothing is: [edited here, deleted here].
  const byRule: [OnDelete, Choice, Choice][] = [
    ['edit-wins', 'local', 'remote'],
    ['delete-wins', 'remote', 'local'],
    ['server-wins', 'remote', 'remote'],
    ['client-wins', 'local', 'local'],
    ['park', 'park', 'park'],
  ]
  const byPolicy: [Policy, Choice, Choice][] = [
    ['server-wins', 'remote', 'remote'],
    ['client-wins', 'local', 'local'],
    ['lww', 'local', 'remote'],
    ['merge', 'local', 'remote'],
    ['custom', 'park', 'park'],
    ['park', 'park', 'park'],
  ]
  const all = byRule.flatMap(([rule, ...says]) =>
    byPolicy.map(([policy]) => [rule, policy, ...says] as const),
  )

  it.each(all)('onDelete %s before policy %s', (rule, policy, editedHere, deletedHere) => {
    for (const later of [true, false, undefined]) {
      expect(chooseDeletion(rule, policy, { local: row }, later)).toBe(editedHere)
      expect(chooseDeletion(rule, policy, { local: null }, later)).toBe(deletedHere)
    }
  })

  it.each(byPolicy)('policy %s alone, of unknown times', (policy, editedHere, deletedHere) => {
    expect(chooseDeletion(undefined, policy, { local: row }, undefined)).toBe(editedHere)
    expect(chooseDeletion(undefined, policy, { local: null }, undefined)).toBe(deletedHere)
  })

  it('is that of the later one with lww', () => {
    const choose = (local: typeof row | null, later: boolean) =>
      chooseDeletion(undefined, 'lww', { local }, later)
    expect([choose(row, true), choose(row, false), choose(null, true), choose(null, false)]).toEqual([
      'local',
      'remote',
      'local',
      'remote',
    ])
  })
})
