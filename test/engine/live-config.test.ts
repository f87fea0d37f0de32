import { describe, expect, it } from 'vitest'
import { asLive, firstDifference } from '../../src/live-config'

const fn = () => 1

describe('a configuration handed in again', () => {
  it('has its newer functions take over where the old ones are held', () => {
    const live = asLive({ auth: { getHeaders: () => String('old') }, list: [{ body: () => String('old') }] })
    const held = live.value.auth.getHeaders
    live.update({ auth: { getHeaders: () => 'new' }, list: [{ body: () => 'newer' }] })
    expect([held(), live.value.list[0]?.body()]).toEqual(['new', 'newer'])
  })

  it('keeps a function that the newer one does not have', () => {
    const live = asLive<{ a?: () => number; b?: () => number }>({ a: () => 1, b: () => 2 })
    live.update({ b: () => 3 })
    expect([live.value.a?.(), live.value.b?.()]).toEqual([1, 3])
  })

  it('hands on what a function is called with and on', () => {
    const live = asLive({
      factor: 2,
      times(this: { factor: number }, a: number, b: number) {
        return this.factor * a * b
      },
    })
    expect(live.value.times(3, 4)).toBe(24)
  })

  it('is a copy of its data, lists as lists, and the very thing where it has a class', () => {
    const original = { list: [1, [2]], date: new Date(5), map: new Map(), nothing: null, missing: undefined }
    const { value } = asLive(original)
    expect(value).toEqual(original)
    expect(value).not.toBe(original)
    expect([
      value.list === original.list,
      Array.isArray(value.list),
      value.date === original.date,
      value.map === original.map,
    ]).toEqual([false, true, true, true])
  })
})

describe('the first difference of two configurations', () => {
  const table: [string, unknown, unknown, string | undefined][] = [
    ['is nowhere in the same data', { a: { b: [1, 'x', null] } }, { a: { b: [1, 'x', null] } }, undefined],
    ['is nowhere where only functions differ', { f: fn }, { f: () => 2 }, undefined],
    ['is the path of a value', { a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, 'a.b.c'],
    ['is the place in a list', { a: [1, 2] }, { a: [1, 3] }, 'a.1'],
    ['is what only one of them has', { a: 1 }, { a: 1, b: 2 }, 'b'],
    ['is what the other does not have', { a: 1, b: 2 }, { a: 1 }, 'b'],
    ['is a function on one side alone', { f: fn }, {}, 'f'],
    ['is a function against data', { f: fn }, { f: 1 }, 'f'],
    ['is a thing with a class that is another one', { d: new Date(1) }, { d: new Date(1) }, 'd'],
    ['is nowhere where NaN is NaN', { a: Number.NaN }, { a: Number.NaN }, undefined],
    ['is the whole where they are no objects', 1, 2, 'the configuration'],
  ]

  it.each(table)('%s', (_, a, b, path) => {
    expect(firstDifference(a, b)).toBe(path)
  })
})
