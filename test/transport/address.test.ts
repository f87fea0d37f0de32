import { describe, expect, it } from 'vitest'
import { createAddress } from '../../src/transport/address'

describe('baseUrl', () => {
  it.each([
    ['https://api.test', undefined, 'https://api.test/posts'],
    ['https://api.test/', undefined, 'https://api.test/posts'],
    ['https://api.test/v1/', undefined, 'https://api.test/v1/posts'],
    ['http://localhost:3000', undefined, 'http://localhost:3000/posts'],
    ['http://127.0.0.1', undefined, 'http://127.0.0.1/posts'],
    ['http://[::1]:80', undefined, 'http://[::1]/posts'],
    ['/api', 'https://app.test/deep/page?x#y', 'https://app.test/api/posts'],
    ['', 'https://app.test/deep/page', 'https://app.test/posts'],
  ])('%s on %s', (baseUrl, location, url) => {
    expect(createAddress(baseUrl, location).resolve('/posts').href).toBe(url)
  })

  it.each([
    'http://api.test',
    'http://localhost.evil.test',
    'http://127.0.0.1.evil.test',
    'ftp://api.test',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://user:pass@api.test',
    'https://api.test?x=1',
    'https://api.test/#x',
    'api',
    '',
  ])('refuses %s (S21)', (baseUrl) => {
    expect(() => createAddress(baseUrl)).toThrow(expect.objectContaining({ code: 'bad-config' }))
  })
})

describe('an address under https://api.test/v1 (S1, S2, S5)', () => {
  const { resolve } = createAddress('https://api.test/v1')

  it.each([
    ['/posts', 'https://api.test/v1/posts'],
    ['posts?a=b', 'https://api.test/v1/posts?a=b'],
    ['?a=b', 'https://api.test/v1?a=b'],
    ['', 'https://api.test/v1'],
    ['/posts:archive', 'https://api.test/v1/posts:archive'],
    ['/a@b', 'https://api.test/v1/a@b'],
    ['/a%2Fb', 'https://api.test/v1/a%2Fb'],
    ['/a..b', 'https://api.test/v1/a..b'],
    ['https://api.test/v1/posts', 'https://api.test/v1/posts'],
    ['//api.test/v1/posts', 'https://api.test/v1/posts'],
  ])('%s is allowed', (url, href) => {
    expect(resolve(url).href).toBe(href)
  })

  it.each([
    'https://evil.test/v1/posts',
    'http://api.test/v1/posts',
    'https://api.test:8443/v1/posts',
    'https://api.test.evil.test/v1/posts',
    'https://api.test@evil.test/v1/posts',
    'https://user@api.test/v1/posts',
    'https://user:pass@api.test/v1/posts',
    'https://аpi.test/v1/posts',
    'https:evil.test/v1',
    'https:/evil.test/v1',
    'https:///evil.test/v1',
    'HTTPS://EVIL.TEST/v1',
    '//evil.test/v1/posts',
    '///evil.test/v1',
    '////evil.test/v1',
    '\\\\evil.test/v1',
    '/\\evil.test/v1',
    '\\/evil.test/v1',
    'https:\\\\evil.test\\v1',
    '\thttps://evil.test/v1',
    'ht\ttps://evil.test/v1',
    '/\t/evil.test/v1',
    '/\n/evil.test/v1',
    ' https://evil.test/v1',
    '/posts\u0000',
    '/posts/ x',
    'https://api.test/v2/posts',
    'https://api.test/v1x/posts',
    'https://api.test/',
    '/../admin',
    '/posts/../../admin',
    '/posts/..',
    '/./posts',
    '/posts/%2e%2e/%2e%2e/admin',
    '/posts/%2E./.%2e/admin',
    '/posts/.%2e',
    '../admin',
    '..',
    'javascript:alert(1)',
    'data:,x',
    'blob:https://api.test/x',
    'file:///etc/passwd',
    'posts:archive',
    '/posts#x',
    '/posts/\ud800',
  ])('%j is refused', (url) => {
    expect(() => resolve(url)).toThrow(expect.objectContaining({ code: 'bad-config' }))
  })
})
