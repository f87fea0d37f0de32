import { describe, expect, it } from 'vitest'
import { restoredRow } from '../../src/merge/restore'

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
