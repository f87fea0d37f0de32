import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../src/transport/json'

const dangerous = new Set(['__proto__', 'constructor', 'prototype'])

describe('JSON of a server', () => {
  it.each([
    '{"__proto__":{"isAdmin":true},"a":1}',
    '{"a":1,"constructor":{"prototype":{"isAdmin":true}}}',
    '{"\\u005f_proto__":{"isAdmin":true},"a":1}',
    '{"c\\u006Fnstructor":1,"a":1}',
  ])('%s loses the keys that reach a prototype (S10)', (text) => {
    const row = parseJson(text) as Record<string, unknown>
    expect(Object.keys(row)).toEqual(['a'])
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
    expect(Object.assign({}, row)).not.toHaveProperty('isAdmin')
  })

  it('has no such key at any depth, and is the same in all else', () => {
    const key = fc.oneof(fc.constantFrom(...dangerous, 'a', 'b'), fc.string())
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 0 }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map(Object.fromEntries),
      ),
    }))
    fc.assert(
      fc.property(value, (data) => {
        expect(parseJson(JSON.stringify(data))).toEqual(JSON.parse(JSON.stringify(clean(data))))
      }),
      { numRuns: 2000 },
    )
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined()
  })

  it('keeps brackets and escaped quotes in texts out of the count of its depth', () => {
    const text = JSON.stringify({ a: `${'['.repeat(500)}\\"${'{'.repeat(500)}` })
    expect(parseJson(text)).toEqual(JSON.parse(text))
  })

  it('is refused where it is nested a hundred thousand deep (S13)', () => {
    expect(() => parseJson('['.repeat(100_000) + ']'.repeat(100_000))).toThrow(SyntaxError)
    expect(() => parseJson(`${'{"a":'.repeat(300)}1${'}'.repeat(300)}`)).toThrow(SyntaxError)
  })
})

function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => !dangerous.has(name))
  return Object.fromEntries(kept.map(([name, inner]) => [name, clean(inner)]))
}
