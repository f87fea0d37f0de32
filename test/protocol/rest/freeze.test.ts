import { describe, expect, it } from 'vitest'
import { resource } from '../../../src/protocol/rest/resource'
import type { Route } from '../../../src/protocol/rest/routes'
import { json } from '../../transport/fake-world'
import { create, remove, restWorld, serverKeys, update } from './rest-world'

const posts = { posts: resource('/posts') }
const base = { id: 'a', title: 'old', updatedAt: 't1' }
const edited = { id: 'a', title: 'new', updatedAt: 't1' }

describe('a change on its way to the server', () => {
  it('carries its Idempotency-Key and leaves the server’s fields out', async () => {
    const world = restWorld(posts)
    world.answer(() => json({ data: { id: 'a', title: 'new', updatedAt: 't2' } }, 201))
    const row = { ...edited, note: undefined }
    expect(await world.send(create('a', row))).toEqual({
      kind: 'accepted',
      row: { id: 'a', title: 'new', updatedAt: 't2' },
    })
    const [request] = world.requests
    expect([request?.method, request?.url]).toEqual(['POST', 'https://api.test/v1/posts'])
    expect(request?.headers.get('idempotency-key')).toBe('key-1')
    expect(request?.headers.get('content-type')).toBe('application/json')
    expect(await request?.json()).toEqual({ id: 'a', title: 'new' })
  })

  it('sends the changed fields by PATCH and the whole row by PUT', async () => {
    const patch = restWorld(posts)
    const put = restWorld({ posts: resource('/posts', { update: 'PUT' }) })
    const item = update('a', { ...base, gone: 1 }, edited)
    await Promise.all([patch.send(item), put.send(item)])
    expect([patch.requests[0]?.method, await patch.requests[0]?.json()]).toEqual([
      'PATCH',
      { title: 'new', gone: null },
    ])
    expect([put.requests[0]?.method, await put.requests[0]?.json()]).toEqual([
      'PUT',
      { id: 'a', title: 'new' },
    ])
    expect(put.requests[0]?.url).toBe('https://api.test/v1/posts/a')
  })

  it('sends nothing but the address for a delete, made from the last known row', async () => {
    const bySlug: Route = {
      push: { delete: { url: '/posts/:slug/:id', headers: (item) => ({ 'x-slug': item.slug }) } },
    }
    const world = restWorld({ posts: bySlug })
    await world.send(remove('a', { id: 'a', slug: 's/1' }))
    const [request] = world.requests
    expect([request?.method, request?.url]).toEqual(['DELETE', 'https://api.test/v1/posts/s%2F1/a'])
    expect([await request?.text(), request?.headers.get('x-slug')]).toEqual(['', 's/1'])
  })

  it('does not show a temporary key to the functions of a create', async () => {
    const seen: unknown[] = []
    const route: Route = {
      push: {
        create: {
          url: (item, change) => {
            seen.push(item, change.key)
            return '/posts'
          },
          body: async (item) => ({ post: item }),
        },
      },
    }
    const world = restWorld({ posts: route }, serverKeys)
    world.answer(() => json({ id: 7 }))
    await world.send(create(-5, { id: -5, title: 'x' }))
    expect(seen).toEqual([{ title: 'x' }, undefined])
    expect(await world.requests[0]?.json()).toEqual({ post: { title: 'x' } })
  })

  it('is frozen: user code that changes the row changes neither it nor the next try', async () => {
    const row = { id: 'a', tags: ['x'] }
    const route: Route = { push: { create: { url: '/posts', body: (item) => item.tags.push('y') && item } } }
    const world = restWorld({ posts: route })
    const request = await world.protocol.freeze([create('a', row)], 'k', new AbortController().signal)
    expect(row).toEqual({ id: 'a', tags: ['x'] })
    expect(JSON.parse(request.body ?? '')).toEqual({ id: 'a', tags: ['x', 'y'] })
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('secret row content')
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret row content'))],
  ])('is held back by a body that %s, without its words', async (_, body) => {
    const world = restWorld({ posts: { push: { create: { url: '/posts', body } } } })
    const failure = await world.send(create('a', { id: 'a' })).catch((error: Error) => error)
    expect(failure).toMatchObject({ code: 'user-code-failed' })
    expect((failure as Error).message).toContain('routes.posts.push.create.body')
    expect((failure as Error).message).not.toContain('secret')
  })

  it('is held back by a body that hangs', async () => {
    const world = restWorld({
      posts: { push: { create: { url: '/posts', body: () => new Promise(() => {}) } } },
    })
    const failure = expect(world.send(create('a', { id: 'a' }))).rejects.toMatchObject({
      code: 'user-code-failed',
    })
    await world.pass(10_000)
    await failure
    expect(world.timers()).toBe(0)
  })

  it.each([
    ['a value JSON drops', { id: 'a', meta: { tags: new Set() } }, 'unserializable', 'posts.meta.tags'],
  ])('is refused for %s (W1)', async (_, row, code, path) => {
    const failure = restWorld(posts).send(create('a', row))
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringContaining(path) })
  })

  it.each(['', '.', '..', '\ud800'])('never addresses the collection for the key %j (S3)', async (id) => {
    const byFunction: Route = {
      push: { delete: { url: (item) => `/posts/${item.id}` } },
      pull: { url: '/posts' },
    }
    for (const routes of [posts, { posts: byFunction }]) {
      const world = restWorld(routes)
      await expect(world.send(remove(id, { id }))).rejects.toMatchObject({ code: 'unroutable-key' })
      expect(world.requests).toHaveLength(0)
    }
  })

  it.each([
    ['leaves baseUrl', 'https://evil.test/posts/a'],
    ['climbs out of it', '/../admin/a'],
    ['is the collection', '/posts'],
    ['is the collection with a slash', '/posts/'],
    ['holds a field that is not there', '/posts/undefined'],
    ['holds an empty segment', '/users//posts/a'],
    ['is no text', 7 as never],
  ])('is not sent where its function answers an address that %s', async (_, url) => {
    const world = restWorld({ posts: { push: { update: { url: () => url } }, pull: { url: '/posts' } } })
    await expect(world.send(update('a', base, edited))).rejects.toMatchObject({
      code: expect.stringMatching(/unroutable-key|user-code-failed/),
    })
    expect(world.requests).toHaveLength(0)
  })
})
