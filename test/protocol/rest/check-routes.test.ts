import { describe, expect, it } from 'vitest'
import { checkRoutes } from '../../../src/protocol/rest/check-routes'
import { resource } from '../../../src/protocol/rest/resource'

const tables = new Map([
  ['posts', { keyPath: 'id', auto: false }],
  ['drafts', { keyPath: 'id', auto: true }],
  ['seats', { keyPath: ['row', 'number'], auto: false }],
  ['blobs', { keyPath: null, auto: false }],
])
const check = (routes: unknown, baseUrl = 'https://api.test/v1') => checkRoutes(routes, tables, { baseUrl })
const push = (kind: string, options: object) => ({
  posts: { push: { [kind]: { url: '/posts/:id', ...options } } },
})
const pull = (options: object) => ({ posts: { pull: { url: '/posts', ...options } } })

describe('routes that are right', () => {
  it.each([
    [{ posts: resource('/posts'), drafts: resource('drafts/'), seats: resource('/seats', { overlap: 0 }) }],
    [{ posts: resource('https://api.test/v1/posts', { onUnknown: 'park', tombstone: false }) }],
    [
      push('create', {
        url: () => '/posts',
        body: () => ({}),
        headers: { 'x-a': 'b' },
        mapResponse: () => ({}),
      }),
    ],
    [push('update', { url: '/posts', body: () => ({}), method: 'POST' })],
    [
      pull({
        query: { a: 1 },
        headers: () => ({}),
        checkpoint: { type: 'keyset', field: ['a', 'b'], key: 'id' },
      }),
    ],
    [
      pull({
        checkpoint: { type: 'cursor', field: 'next', param: 'after', limitParam: 'size' },
        tombstone: ['a'],
      }),
    ],
    [{ posts: { push: false, pull: { url: '/posts' }, conflicts: { policy: 'merge' }, serverFields: [] } }],
    [{}],
  ])('pass', (routes) => {
    expect(() => check(routes)).not.toThrow()
  })
})

describe('a mistake in routes is told with its path and its mend', () => {
  it.each<[string, unknown]>([
    ['routes must be an object', []],
    ['routes.posts must be an object', { posts: '/posts' }],
    ['routes.posts must have push or pull', { posts: {} }],
    ['routes.posts must have push or pull', { posts: { push: false } }],
    ['routes.posts.push must have create, update or delete', { posts: { push: {}, pull: { url: '/p' } } }],
    ['routes.posts.pul is no option; there are push, pull, read', { posts: { pul: {} } }],
    ['routes.posts.push.created is no option', { posts: { push: { created: {} } } }],
    ['routes.posts.push.create.url is missing', { posts: { push: { create: {} } } }],
    ['routes.posts.push.create.url must be a template', push('create', { url: 7 })],
    [
      'routes.posts.push.create.url must be an address under baseUrl',
      push('create', { url: 'https://evil.test/' }),
    ],
    ['routes.posts.push.create.url must be an address under baseUrl', push('create', { url: '/a b' })],
    ['routes.posts.push.update.url must be an address under baseUrl', push('update', { url: '/../:id' })],
    ['routes.posts.push.update.url must name the record', push('update', { url: '/posts' })],
    ['routes.posts.push.delete.url must name the record', push('delete', { url: '/posts/' })],
    ['routes.posts.push.update.method must be one of PATCH, PUT, POST', push('update', { method: 'patch' })],
    ['routes.posts.push.delete.onUnknown is no option', push('delete', { onUnknown: 'park' })],
    ['routes.posts.push.create.onUnknown must be one of resend, park', push('create', { onUnknown: 'drop' })],
    ['routes.posts.push.create.body must be a function', push('create', { body: {} })],
    ['routes.posts.push.create.headers.x-a cannot be sent', push('create', { headers: { 'x-a': 'a\nb' } })],
    [
      'routes.posts.push.create.headers must be an object of texts, or a function',
      push('create', { headers: 'x' }),
    ],
    ['routes.posts.push.verify must be one of pull, get, none', { posts: { push: { verify: 'look' } } }],
    ['routes.posts.pull.url is missing', { posts: { pull: {} } }],
    ['routes.posts.pull.url must have no :names', pull({ url: '/posts/:id' })],
    ['routes.posts.pull.method must be one of GET, POST', pull({ method: 'PUT' })],
    ['routes.posts.pull.query must be an object or a function', pull({ query: 'a=b' })],
    ['routes.posts.pull.mapResponse must be a function', pull({ mapResponse: 'data' })],
    ['routes.posts.pull.checkpoint.type must be one of', pull({ checkpoint: 'cursor' })],
    ['routes.posts.pull.checkpoint.type must be one of', pull({ checkpoint: { type: 'etag' } })],
    ['routes.posts.pull.checkpoint.type must be one of', pull({ checkpoint: { type: 'toString' } })],
    ['routes.posts.pull.checkpoint.field is missing', pull({ checkpoint: { type: 'keyset' } })],
    [
      'routes.posts.pull.checkpoint.overlap must be a number of milliseconds',
      pull({ checkpoint: { type: 'keyset', field: 'a', overlap: -1 } }),
    ],
    [
      'routes.posts.pull.checkpoint.overlap is no option',
      pull({ checkpoint: { type: 'version', field: 'a', overlap: 1 } }),
    ],
    ['routes.posts.pull.tombstone must be a field', pull({ tombstone: true })],
    ['routes.posts.pull.pagination is no option', pull({ pagination: 'offset' })],
    ['routes.posts.read.url must name the record', { posts: { ...pull({}).posts, read: { url: '/posts' } } }],
    ['routes.posts.key must be one of server, client', { posts: { ...pull({}).posts, key: 'app' } }],
    [
      'routes.posts.serverFields must be a list of texts',
      { posts: { ...pull({}).posts, serverFields: 'a' } },
    ],
    ['routes.posts.serverFields[1] must be a text', { posts: { ...pull({}).posts, serverFields: ['a', 1] } }],
    [
      'routes.posts.conflicts.policy must be one of',
      { posts: { ...pull({}).posts, conflicts: { policy: 'mine' } } },
    ],
    ['routes.posts.version must be a text', { posts: { ...pull({}).posts, version: 1 } }],
    ["routes.seats.key must be 'client'", { seats: resource('/seats', { key: 'server' }) }],
    [
      'routes.drafts.push.create.url must do without :id',
      { drafts: { push: { create: { url: '/drafts/:id' } } } },
    ],
    ['routes.blobs needs a table whose rows hold their primary key', { blobs: resource('/blobs') }],
  ])('%s', (message, routes) => {
    expect(() => check(routes)).toThrow(
      expect.objectContaining({ code: 'bad-config', message: expect.stringContaining(message) }),
    )
  })

  it('also for a table that is not there, and for baseUrl itself', () => {
    expect(() => check({ pots: resource('/pots') })).toThrow(
      expect.objectContaining({ code: 'unknown-table', message: expect.stringContaining('routes.pots') }),
    )
    expect(() => check({}, 'http://api.test')).toThrow(expect.objectContaining({ code: 'bad-config' }))
  })
})
