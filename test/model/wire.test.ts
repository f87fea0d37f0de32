import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sameWire, toWire } from '../../src/model/wire'

describe('a value on its way to JSON (W1, W2)', () => {
  const cycle: Record<string, unknown> = {}
  cycle.self = { cycle }
  const deep = Array.from({ length: 300 }).reduce<unknown>((inner) => [inner], 1)

  it.each([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a bigint', 1n],
    ['a symbol', Symbol('s')],
    ['a function', () => {}],
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['a RegExp', /x/],
    ['a Blob', new Blob([])],
    ['an ArrayBuffer', new ArrayBuffer(1)],
    ['a typed array', new Uint8Array(1)],
    ['a Promise', Promise.resolve()],
    ['an invalid date', new Date(Number.NaN)],
    ['a hole in a list', [undefined]],
    ['a cycle', cycle],
    ['a nest too deep', deep],
  ])('is refused where it is %s', (_, value) => {
    expect(() => toWire({ a: [{ b: value }] }, 'posts')).toThrow(
      expect.objectContaining({ code: 'unserializable', message: expect.stringContaining('posts.a[0].b') }),
    )
  })

  it('is what JSON would make of it', () => {
    class Point {
      constructor(readonly x: number) {}
    }
    const same = {}
    const value = {
      date: new Date(0),
      gone: undefined,
      nil: null,
      list: [1, 'a', true],
      url: new URL('https://a.test/'),
      point: new Point(1),
      twice: [same, same],
      zero: -0,
    }
    expect(JSON.stringify(toWire(value, 'x'))).toBe(JSON.stringify(value))
  })

  it('comes back as it went, for all data', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const back = JSON.parse(JSON.stringify(toWire(value, 'x')))
        expect(sameWire(back, value)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('two values', () => {
  it.each([
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ a: undefined }, {}],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [{ at: new Date(5) }, { at: new Date(5) }],
    [0, -0],
    [
      [1, [2]],
      [1, [2]],
    ],
  ])('%j and %j are the same', (a, b) => {
    expect(sameWire(a, b)).toBe(true)
  })

  it.each<[unknown, unknown]>([
    [1, '1'],
    [null, undefined],
    [{ a: null }, {}],
    [[], {}],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { b: 1 }],
    [new Map(), new Map()],
  ])('%j and %j are not', (a, b) => {
    expect(sameWire(a, b)).toBe(false)
  })
})
