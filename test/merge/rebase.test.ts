import { expect, it } from 'vitest'
import { rebase } from '../../src/merge/rebase'

const base = { a: 1, b: 1 }

it.each([
  ['what was changed here stands', { a: 2, b: 1 }, { a: 1, b: 3 }, { a: 2, b: 3 }, { a: 2, b: 3 }],
  ['what was changed back is the server’s', { a: 1, b: 2 }, { a: 3, b: 1 }, { a: 1, b: 2 }, { a: 3, b: 2 }],
  ['what the server has removed stays away', { a: 1, b: 2 }, { b: 1 }, { a: 1, b: 2 }, { b: 2 }],
  ['a row that is gone there is made again', { a: 2, b: 1 }, null, { a: 2, b: 1 }, { a: 2, b: 1 }],
])('%s', (_, local, remote, replayed, made) => {
  expect(rebase({ base, local, remote }, replayed, [])).toEqual(made)
})
