import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkSegments, fillTemplate, parseTemplate } from '../../../src/protocol/rest/template'
import { createAddress } from '../../../src/transport/address'

const { resolve } = createAddress('https://api.test/v1')

function fill(template: string, values: Record<string, unknown>): string {
  return fillTemplate(parseTemplate(template), (name) => values[name])
}

describe('a template', () => {
  it.each([
    ['/posts/:id', { id: 'a/b?c#d%e' }, '/posts/a%2Fb%3Fc%23d%25e'],
    ['/posts/:id', { id: 7 }, '/posts/7'],
    ['/posts/:id/', { id: 'ü 1' }, '/posts/%C3%BC%201/'],
    ['/users/:user/posts/:id.json', { user: 'u', id: 'p' }, '/users/u/posts/p.json'],
    ['/posts/:key', { key: ['a', 1] }, '/posts/a/1'],
    ['/posts?id=:id&x=1', { id: 'a&b' }, '/posts?id=a%26b&x=1'],
    ['/posts/:id', { id: new Date(0) }, '/posts/1970-01-01T00%3A00%3A00.000Z'],
    ['https://api.test:8443/v1/posts:archive', {}, 'https://api.test:8443/v1/posts:archive'],
    ['/a:/b/:', {}, '/a:/b/:'],
    ['', {}, ''],
  ])('%s', (template, values, url) => {
    expect(fill(template, values)).toBe(url)
  })

  it.each([
    '',
    '.',
    '..',
    '%2e',
    '.%2E',
    '\ud800',
    'a\udfff',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    undefined,
    null,
    {},
    [],
    [''],
    ['a', '..'],
    [['a']],
    new Date(Number.NaN),
    new Uint8Array(2),
    true,
  ])('refuses %j, which would address something else (S3, W4, W6)', (id) => {
    expect(() => fill('/posts/:id', { id })).toThrow(expect.objectContaining({ code: 'unroutable-key' }))
  })

  it('becomes an address with exactly its own segments, for ten thousand keys', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('.', '/', '\\', '%', '2', 'e', 'f', '?', '#', '@', ':', '\t', '\n', ' ', 'é'),
      }),
    )
    fc.assert(
      fc.property(text, (id) => {
        let filled: string
        try {
          filled = fill('/posts/:id/comments', { id })
        } catch (error) {
          expect(error).toMatchObject({ code: 'unroutable-key' })
          return
        }
        const { pathname, search, hash } = resolve(filled)
        const segments = pathname.split('/')
        expect([segments.length, search, hash]).toEqual([5, '', ''])
        expect(decodeURIComponent(segments[3] ?? '')).toBe(id)
        checkSegments(filled, pathname)
      }),
      { numRuns: 10_000 },
    )
  })

  it('tells when an address has come out with other segments', () => {
    const check = () => checkSegments('/posts/..', '/v1/')
    expect(check).toThrow(expect.objectContaining({ code: 'unroutable-key' }))
  })

  it('is scanned once, however hostile it is (S24)', () => {
    const text = '/:'.repeat(500_000)
    expect(parseTemplate(text).names).toEqual([])
    expect(parseTemplate('/:a'.repeat(100_000)).names).toHaveLength(100_000)
  })
})
