import { describe, expect, it } from 'vitest'
import { isComparable } from '../../src/check/comparable'

const open = [
  1,
  'x',
  null,
  undefined,
  new Date(0),
  new Uint8Array(2),
  new ArrayBuffer(2),
  [1, { a: [] }],
  new Map([[1, 2]]),
  new Set([1]),
]
const hidden = [
  new Blob(['x']),
  [new Blob([])],
  { a: { b: new Blob([]) } },
  new Map([[1, new Blob([])]]),
  new Set([new Blob([])]),
]

describe('values', () => {
  it.each(open)('that show what they hold can be compared: %o', (value) => {
    expect(isComparable(value)).toBe(true)
  })

  it.each(hidden)('that hide what they hold cannot: %o', (value) => {
    expect(isComparable(value)).toBe(false)
  })
})
