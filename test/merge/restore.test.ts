import { describe, expect, it } from 'vitest'
import { contestedFields, restoredRow } from '../../src/merge/restore'

const local = { id: 'k', a: 'mine', b: 1 }
const remote = { id: 'k', a: 'theirs', b: 2, c: 3 }

describe('a conflict decided anew', () => {
  const cases = [
    [
      'takes the fields of the conflict alone',
      ['a'],
      local,
      remote,
      'local',
      { id: 'k', a: 'x', b: 9 },
      { id: 'k', a: 'mine', b: 9 },
    ],
    [
      'removes a field that side did not have',
      ['c'],
      local,
      remote,
      'local',
      { id: 'k', a: 'x', c: 3 },
      { id: 'k', a: 'x' },
    ],
    ['makes the row again', ['a'], local, remote, 'remote', null, remote],
    ['deletes where that side had no row', ['a'], null, remote, 'local', remote, null],
    [
      'takes whatever they differ in where no field is named',
      [],
      local,
      remote,
      'remote',
      { id: 'k', z: 1 },
      { ...remote, z: 1 },
    ],
  ] as const
  it.each(cases)('%s', (_, fields, mine, theirs, side, now, wanted) => {
    expect(restoredRow({ fields, local: mine, remote: theirs }, side, now)).toEqual(wanted)
  })
})

describe('what a parked conflict is about when it is decided', () => {
  const base = { id: 'k', a: 'base', b: 1, c: 0, at: 1 }
  const here = { id: 'k', a: 'mine', b: 2, c: 0, at: 1 }
  const there = { id: 'k', a: 'theirs', b: 1, c: 9, at: 2 }
  const cases = [
    ['what was in dispute and what was edited here', ['a'], base, here, there, ['a', 'b']],
    ['what was in dispute, though the edit was taken back', ['a'], base, base, there, ['a']],
    ['all that differs where the base is not known', ['a'], undefined, here, there, ['a', 'b', 'c']],
    ['all that differs where both made the row', ['a'], null, here, there, ['a', 'b', 'c']],
    ['all fields where a side has no row', ['a'], base, here, null, ['id', 'a', 'b', 'c']],
  ] as const
  it.each(cases)('%s', (_, fields, before, mine, theirs, wanted) => {
    const conflict = { fields, ...(before !== undefined && { base: before }) }
    expect(contestedFields(conflict, mine, theirs, ['at'])).toEqual(wanted)
  })
})
