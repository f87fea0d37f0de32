import { describe, expect, it } from 'vitest'
import { standingOf } from '../../src/engine/standing'

describe('how who is logged in stands to a database', () => {
  it.each([
    // holds, signed out of it, logged in, standing
    ['A', undefined, 'A', 'ours'],
    ['', undefined, '', 'ours'],
    ['', undefined, 'A', 'unclaimed'],
    ['', 'B', 'A', 'unclaimed'],
    ['', 'A', 'A', 'signed-out'],
    ['', '', '', 'signed-out'],
    ['A', undefined, 'B', 'other'],
    ['A', undefined, '', 'other'],
    ['A', undefined, null, 'unknown'],
    ['', undefined, null, 'unknown'],
    ['', 'A', null, 'unknown'],
  ] as const)('holds %j, signed out %j, logged in %j: %s', (identity, signedOut, current, standing) => {
    expect(standingOf({ identity, ...(signedOut !== undefined && { signedOut }) }, current)).toBe(standing)
  })
})
