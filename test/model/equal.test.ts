import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sameValue } from '../../src/model/equal'

const bytes = (...values: number[]) => new Uint8Array(values)
const blob = new Blob(['x'])

describe('two values are stored as the same', () => {
  const same: [string, unknown, unknown][] = [
    ['numbers', 1, 1],
    ['NaN', Number.NaN, Number.NaN],
    ['0 and -0', 0, -0],
    ['fields in any order', { a: 1, b: { c: 2 } }, { b: { c: 2 }, a: 1 }],
    ['lists', [1, [2, { a: 3 }]], [1, [2, { a: 3 }]]],
    ['dates', new Date(5), new Date(5)],
    ['invalid dates', new Date(Number.NaN), new Date(Number.NaN)],
    ['bytes', bytes(1, 2), bytes(1, 2)],
    ['bytes of part of a buffer', bytes(1, 2), new Uint8Array([0, 1, 2, 3].slice()).subarray(1, 3)],
    ['buffers', bytes(1, 2).buffer, bytes(1, 2).buffer],
    ['maps', new Map([['a', { b: 1 }]]), new Map([['a', { b: 1 }]])],
    ['sets', new Set([1, 2]), new Set([1, 2])],
    ['a field without a value, on both sides', { a: undefined }, { a: undefined }],
    ['objects without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
    ['the very same blob', blob, blob],
  ]

  it.each(same)('%s', (_, a, b) => {
    expect([sameValue(a, b), sameValue(b, a)]).toEqual([true, true])
  })

  const different: [string, unknown, unknown][] = [
    ['a number and its text', 1, '1'],
    ['null and nothing', null, undefined],
    ['null and an object', null, {}],
    ['another value', { a: 1 }, { a: 2 }],
    ['one field more', { a: 1 }, { a: 1, b: undefined }],
    ['another field without a value', { a: undefined }, { b: undefined }],
    ['a list and its fields', [1], { 0: 1 }],
    ['lists of other length', [1], [1, 2]],
    ['lists in other order', [1, 2], [2, 1]],
    ['a hole and a value', [undefined, 1], [2, 1]],
    ['dates', new Date(5), new Date(6)],
    ['a date and its text', new Date(5), new Date(5).toISOString()],
    ['other bytes', bytes(1, 2), bytes(1, 3)],
    ['bytes of other length', bytes(1), bytes(1, 0)],
    ['bytes of another kind', bytes(1), new Int8Array([1])],
    ['bytes and a list', bytes(1), [1]],
    ['a date and an object', new Date(5), {}],
    ['maps', new Map([['a', 1]]), new Map([['a', 2]])],
    ['a map and a set', new Map(), new Set()],
    ['an empty map and an object', new Map(), {}],
    ['two blobs', blob, new Blob(['x'])],
  ]

  it.each(different)('but not %s', (_, a, b) => {
    expect([sameValue(a, b), sameValue(b, a)]).toEqual([false, false])
  })

  const anything = fc.anything({
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
  })

  it('as their copies, whatever they hold', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(sameValue(value, structuredClone(value))).toBe(true)
      }),
    )
  })

  it('in both directions or in none', () => {
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        expect(sameValue(a, b)).toBe(sameValue(b, a))
      }),
    )
  })

  it('not after one number deep inside was changed', () => {
    const json = fc.object({ values: [fc.integer()], maxDepth: 3 })
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify(value)
        const changed = text.replace(/(?<=[:[,])-?\d+(?=[,\]}])/, (number) => `${Number(number) + 1}`)
        fc.pre(changed !== text)
        expect(sameValue(JSON.parse(text), JSON.parse(changed))).toBe(false)
      }),
    )
  })
})
