import { describe, expect, it } from 'vitest'
import { hasArrived } from '../../src/merge/arrived'

describe('what was sent has arrived', () => {
  it.each([
    ['the same row', { a: 1 }, { a: 1 }, true],
    ['a row the server has added to', { a: 1 }, { a: 1, version: 3 }, true],
    ['a row with times of the server’s own', { a: 1, updated_at: 1 }, { a: 1, updated_at: 2 }, true],
    ['another value', { a: 1 }, { a: 2 }, false],
    ['a field that is missing', { a: 1, b: 1 }, { a: 1 }, false],
    ['a deletion, and nothing is left', null, null, true],
    ['a deletion, and the row is there', null, { a: 1 }, false],
    ['a row, and it is gone', { a: 1 }, null, false],
  ])('%s', (_, sent, remote, arrived) => {
    expect(hasArrived(sent, remote, ['updated_at'])).toBe(arrived)
  })
})
