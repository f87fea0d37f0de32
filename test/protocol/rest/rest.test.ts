import { describe, expect, it } from 'vitest'
import { resource } from '../../../src/protocol/rest/resource'
import type { Route } from '../../../src/protocol/rest/routes'
import { json } from '../../transport/fake-world'
import { clientKeys, create, remove, restWorld, serverKeys, update } from './rest-world'

const tableOf = (route: Route, shape = clientKeys) => restWorld({ posts: route }, shape).protocol.tables[0]

describe('a resource', () => {
  it('is the long form of a REST resource', () => {
    expect(resource('/api/posts')).toEqual({
      push: {
        create: { method: 'POST', url: '/api/posts' },
        update: { method: 'PATCH', url: '/api/posts/:key' },
        delete: { method: 'DELETE', url: '/api/posts/:key' },
      },
      pull: {
        method: 'GET',
        url: '/api/posts',
        checkpoint: { type: 'keyset', field: ['updatedAt', 'updated_at', 'modified'] },
      },
      read: { url: '/api/posts/:key' },
    })
  })

  it('keeps the slash some backends want at the end', async () => {
    const world = restWorld({ posts: resource('/posts/') })
    await world.send(remove('a', { id: 'a' }))
    await world.pull()
    expect(world.requests.map(({ url }) => new URL(url).pathname)).toEqual(['/v1/posts/a/', '/v1/posts/'])
  })

  it('addresses a compound key by one segment per part', async () => {
    const world = restWorld({ posts: resource('/posts') }, { keyPath: ['org', 'id'], auto: false })
    await world.send(remove(['o/1', 2], { org: 'o/1', id: 2 }))
    expect(world.requests[0]?.url).toBe('https://api.test/v1/posts/o%2F1/2')
  })

  it('passes its options on', () => {
    const route = resource('/posts', {
      update: 'PUT',
      key: 'client',
      version: 'rev',
      updatedAt: 'changed',
      overlap: 5,
      serverFields: [],
      conflicts: { policy: 'server-wins' },
      verify: 'get',
      onUnknown: 'park',
      tombstone: 'gone',
    })
    expect(route.pull).toMatchObject({ checkpoint: { field: 'changed', overlap: 5 }, tombstone: 'gone' })
    expect(tableOf(route, serverKeys)).toEqual({
      name: 'posts',
      keyPath: 'id',
      keys: 'client',
      push: true,
      pull: 'posts',
      verify: 'get',
      serverFields: [],
      orderField: 'rev',
      onUnknown: 'park',
      conflicts: { ...merging, policy: 'server-wins', clock: 'changed' },
    })
  })
})

const merging = {
  policy: 'merge',
  fields: {},
  timeout: 10_000,
  clock: ['updatedAt', 'updated_at', 'modified'],
  granularity: 'field',
}

describe('what the engine is told of a table', () => {
  it('has a default for everything', () => {
    expect(tableOf(resource('/posts'), serverKeys)).toEqual({
      name: 'posts',
      keyPath: 'id',
      keys: 'server',
      push: true,
      pull: 'posts',
      verify: 'pull',
      serverFields: ['updatedAt', 'updated_at'],
      conflicts: merging,
    })
  })

  it('names the field that orders rows only where it is known', () => {
    const shape = { ...clientKeys, indexes: ['title', 'modified'] }
    expect(tableOf(resource('/posts'), shape)).toMatchObject({
      orderField: 'modified',
      serverFields: ['modified', 'updatedAt', 'updated_at'],
    })
    expect(tableOf(resource('/posts', { updatedAt: 'at' }))).toMatchObject({ orderField: 'at' })
  })

  it('is push-only or pull-only where the route is', () => {
    const { protocol } = restWorld({
      logs: { push: { create: { url: '/logs' } } },
      news: { push: false, pull: { url: '/news' } },
    })
    expect(protocol.tables.map(({ name, push, pull }) => [name, push, pull])).toEqual([
      ['logs', true, undefined],
      ['news', false, 'news'],
    ])
    expect(protocol.scopes).toEqual([{ name: 'news', tables: ['news'] }])
  })

  it('is the best look that can be had, and the developer hears where there is none', () => {
    const push = { update: { url: '/posts/:key' } }
    const pull = { url: '/posts' }
    const read = { url: '/posts/:key' }
    const { protocol, said } = restWorld({
      a: { push, pull },
      b: { push, read },
      c: { push },
      d: { push: { ...push, verify: 'none' } },
      e: { push: { ...push, verify: 'get' }, pull },
    })
    expect(protocol.tables.map(({ verify }) => verify)).toEqual(['pull', 'get', 'none', 'none', 'pull'])
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('c: changes leave without a look')
  })

  it('is that some changes need no look', () => {
    const row = { id: 'a' }
    const guards = (route: Route) => {
      const { protocol } = restWorld({ posts: route })
      return [create('a', row), update('a', row, row), remove('a', row)].map(protocol.guarded)
    }
    expect(guards(resource('/posts'))).toEqual([true, false, false])
    const conflicts = { policy: 'client-wins' } as const
    expect(guards(resource('/posts', { conflicts }))).toEqual([true, true, false])
    expect(guards(resource('/posts', { conflicts, update: 'PUT' }))).toEqual([true, false, false])
  })
})

describe('a pull request', () => {
  it('carries query and headers of the route, over those of its checkpoint', async () => {
    const world = restWorld({
      posts: {
        pull: {
          method: 'POST',
          url: '/posts?fixed=1',
          query: (ctx) => ({ limit: ctx.limit * 2, on: true, no: undefined, none: null, at: new Date(0) }),
          headers: async () => ({ 'x-a': 'b' }),
          checkpoint: { type: 'cursor' },
        },
      },
    })
    world.answer(() => json([]))
    await world.pull()
    const [request] = world.requests
    expect([request?.method, request?.headers.get('x-a')]).toEqual(['POST', 'b'])
    expect(request?.url).toBe(
      'https://api.test/v1/posts?fixed=1&limit=1000&on=true&at=1970-01-01T00%3A00%3A00.000Z',
    )
  })

  it.each([
    ['a query with NaN', { query: () => ({ since: Number.NaN }) }],
    ['a query with an object', { query: () => ({ since: {} as never }) }],
    ['a query that is none', { query: () => 'since=1' as never }],
    ['headers that cannot be sent', { headers: () => ({ 'x-a': '\n' }) }],
    ['an address that is no text', { url: () => 7 as never }],
  ])('is not sent with %s', async (_, wrong) => {
    const world = restWorld({ posts: { pull: { url: '/posts', ...wrong } } })
    expect(await world.pull()).toMatchObject({ kind: 'failed', reason: { code: 'user-code-failed' } })
    expect(world.requests).toHaveLength(0)
  })

  it('does not leave baseUrl, whatever a function answers (S5)', async () => {
    const world = restWorld({ posts: { pull: { url: () => 'https://evil.test/next' } } })
    expect(await world.pull()).toMatchObject({ kind: 'failed', reason: { code: 'bad-config' } })
    expect(world.requests).toHaveLength(0)
  })
})
