import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyText } from '../../src/keys/key-text'
import type { Key } from '../../src/model/change'

const { key } = fc.letrec<{ key: Key }>((tie) => ({
  key: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })),
    fc.oneof(fc.constantFrom('', '1', 'n1', 's', 'a1:n1'), fc.string()),
    fc.date({ noInvalidDate: true }),
    fc.uint8Array({ minLength: 1, maxLength: 3 }),
    fc.array(tie('key'), { maxLength: 3 }) as fc.Arbitrary<Key>,
  ),
}))

describe('the text of a key', () => {
  it('is the same exactly where IndexedDB finds the keys the same', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(keyText(a) === keyText(b)).toBe(indexedDB.cmp(a, b) === 0)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is the same for a copy', () => {
    fc.assert(
      fc.property(key, (one) => {
        expect(keyText(structuredClone(one))).toBe(keyText(one))
      }),
    )
  })

  it('keeps lists apart that hold the same texts in other pieces', () => {
    const lists: Key[] = [['ab'], ['a', 'b'], ['a', ['b']], [['a', 'b']], [['a'], 'b'], ['a', 'b', []], []]
    expect(new Set(lists.map(keyText)).size).toBe(lists.length)
  })
})
