import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../src/model/outcome'
import { resource } from '../../../src/protocol/rest/resource'
import { html, json } from '../../transport/fake-world'
import { create, remove, restWorld, serverKeys, update } from './rest-world'

const posts = { posts: resource('/posts') }
const base = { id: 'a', title: 'old', updatedAt: 't1' }
const edited = { id: 'a', title: 'new', updatedAt: 't1' }
const at = Date.UTC(2024, 0, 1)

describe('what the server says of a change', () => {
  const row = { id: 'a', title: 'theirs' }

  it.each<[string, 'create' | 'update' | 'delete', () => Response, Outcome]>([
    ['204 (C12)', 'update', () => new Response(null, { status: 204 }), { kind: 'accepted' }],
    ['an empty 200 (C12)', 'create', () => new Response(''), { kind: 'accepted' }],
    ['an answer that is no row', 'update', () => json({ ok: true }), { kind: 'accepted' }],
    ['the row', 'update', () => json(row), { kind: 'accepted', row }],
    [
      'the row under item, with its ETag',
      'update',
      () => json({ item: row }, 200, { etag: '"1"' }),
      { kind: 'accepted', row, etag: '"1"' },
    ],
    ['404 for a delete (A8)', 'delete', () => json({}, 404), { kind: 'accepted', gone: true }],
    [
      '410 for a delete (A8)',
      'delete',
      () => new Response(null, { status: 410 }),
      { kind: 'accepted', gone: true },
    ],
    [
      '404 for an update (C1)',
      'update',
      () => json({}, 404),
      { kind: 'conflict', remote: null, reason: { code: 'not-found', status: 404, at } },
    ],
    [
      '404 for a create',
      'create',
      () => json({ message: 'no such parent' }, 404),
      { kind: 'rejected', reason: { code: 'not-found', status: 404, message: 'no such parent', at } },
    ],
    [
      'a page with 404 (C1)',
      'update',
      () => html(404),
      { kind: 'retry', spends: false, reason: { code: 'intercepted', status: 404, at } },
    ],
    [
      'a page with 200 (C10)',
      'delete',
      () => html(200),
      { kind: 'retry', spends: false, reason: { code: 'intercepted', status: 200, at } },
    ],
    [
      '409 with the row (C2)',
      'update',
      () => json(row, 409),
      { kind: 'conflict', remote: row, reason: { code: 'conflict', status: 409, at } },
    ],
    [
      '409 with the row under current',
      'create',
      () => json({ message: 'exists', current: row }, 409),
      { kind: 'conflict', remote: row, reason: { code: 'conflict', status: 409, message: 'exists', at } },
    ],
    [
      '409 with a deleted row',
      'update',
      () => json({ id: 'a', deletedAt: 1 }, 409),
      { kind: 'conflict', remote: null, reason: { code: 'conflict', status: 409, at } },
    ],
    [
      '409 with another row',
      'update',
      () => json({ id: 'b' }, 409),
      { kind: 'conflict', reason: { code: 'conflict', status: 409, at } },
    ],
    [
      '412 without a word (C3)',
      'update',
      () => new Response(null, { status: 412 }),
      { kind: 'conflict', reason: { code: 'conflict', status: 412, at } },
    ],
    [
      '422 with a problem (C5)',
      'update',
      () => json({ title: 'Invalid', detail: 'too long' }, 422),
      { kind: 'rejected', reason: { code: 'rejected', status: 422, message: 'too long', at } },
    ],
    [
      '413 (C6)',
      'update',
      () => html(413),
      { kind: 'rejected', reason: { code: 'too-large', status: 413, at } },
    ],
    [
      '403',
      'delete',
      () => json({}, 403),
      { kind: 'rejected', reason: { code: 'forbidden', status: 403, at } },
    ],
    [
      '401 (C8)',
      'update',
      () => json({}, 401),
      { kind: 'retry', spends: false, reason: { code: 'auth-required', at } },
    ],
    [
      '429 (C7)',
      'update',
      () => json({}, 429, { 'retry-after': '60' }),
      { kind: 'retry', spends: false, pause: 60_000, reason: { code: 'server-busy', status: 429, at } },
    ],
    [
      '500',
      'update',
      () => json({}, 500),
      { kind: 'unknown', spends: true, reason: { code: 'server-failed', status: 500, at } },
    ],
    [
      'another row (S12)',
      'update',
      () => json({ id: 'b' }),
      { kind: 'unknown', spends: true, reason: { code: 'wrong-record', status: 200, at } },
    ],
    [
      'another row for a delete (S12)',
      'delete',
      () => json({ id: 'b' }),
      { kind: 'unknown', spends: true, reason: { code: 'wrong-record', status: 200, at } },
    ],
    [
      'another row for a create',
      'create',
      () => json({ id: 'b' }),
      { kind: 'rejected', reason: { code: 'wrong-record', status: 200, at } },
    ],
    [
      'a key of another type (W5)',
      'update',
      () => json({ id: 1 }),
      { kind: 'unknown', spends: true, reason: { code: 'wrong-record', status: 200, at } },
    ],
  ])('%s, for %s', async (_, kind, answer, outcome) => {
    const world = restWorld(posts)
    world.answer(answer)
    const items = {
      create: create('a', edited),
      update: update('a', base, edited),
      delete: remove('a', base),
    }
    expect(await world.send(items[kind])).toEqual(outcome)
  })

  it('is that it has made a key', async () => {
    const world = restWorld(posts, serverKeys)
    world.answer(() => json({ id: 12, title: 'x' }, 201))
    expect(await world.send(create(-1, { id: -1, title: 'x' }))).toEqual({
      kind: 'accepted',
      key: 12,
      row: { id: 12, title: 'x' },
    })
  })

  it.each([
    ['nothing', () => new Response(null, { status: 204 })],
    ['no row', () => json({ ok: true })],
    ['no key', () => json({ id: null })],
    ['an echo of the temporary key', () => json({ id: -1 })],
    ['a key that is none', () => json({ id: {} })],
  ])('is of no use, and not asked for again: a created record, and %s', async (_, answer) => {
    const world = restWorld(posts, serverKeys)
    world.answer(answer)
    expect(await world.send(create(-1, { id: -1 }))).toMatchObject({
      kind: 'rejected',
      inDoubt: true,
      reason: { code: 'missing-response-key' },
    })
  })

  it('goes through mapResponse', async () => {
    const mapResponse = async (response: { post: { _id: number } }) => ({ id: response.post._id })
    const world = restWorld({ posts: { push: { create: { url: '/posts', mapResponse } } } }, serverKeys)
    world.answer(() => json({ post: { _id: 3 } }))
    expect(await world.send(create(-1, { id: -1 }))).toMatchObject({ kind: 'accepted', key: 3 })
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('x')
      },
    ],
    ['answers garbage', () => 7],
  ])('is kept open where mapResponse %s (I13)', async (_, mapResponse) => {
    const world = restWorld({ posts: { push: { create: { url: '/posts', mapResponse } } } })
    expect(await world.send(create('a', { id: 'a' }))).toMatchObject({
      kind: 'unknown',
      spends: true,
      reason: { code: 'user-code-failed' },
    })
  })
})

describe('a request that fails in passing', () => {
  const away = () => Promise.reject(new TypeError('fetch failed'))

  it('is sent again at once, with the same bytes and key', async () => {
    const world = restWorld(posts)
    const answers = [away, () => json({ id: 'a' })]
    world.answer(() => answers.shift()!())
    const outcome = world.send(create('a', { id: 'a' }))
    await world.pass(5000)
    expect(await outcome).toMatchObject({ kind: 'accepted' })
    expect(world.requests.map((request) => request.headers.get('idempotency-key'))).toEqual([
      'key-1',
      'key-1',
    ])
  })

  it('is told to have been sent twice where it may have made two records', async () => {
    const world = restWorld(posts, serverKeys)
    const answers = [away, () => json({ id: 5 })]
    world.answer(() => answers.shift()!())
    const outcome = world.send(create(-1, { id: -1 }))
    await world.pass(5000)
    expect(await outcome).toMatchObject({ kind: 'accepted', key: 5, repeated: true })
  })

  it('is sent once where it is a probe of a server in trouble', async () => {
    const world = restWorld(posts)
    world.answer(away)
    const item = create('a', { id: 'a' })
    const request = await world.protocol.freeze([item], 'key-1', new AbortController().signal)
    const signal = new AbortController().signal
    await world.protocol.push(request, [item], { id: 'key-1', signal, probe: true })
    expect(world.requests).toHaveLength(1)
  })

  it('is not sent again where it would make a second record', async () => {
    const world = restWorld({ posts: resource('/posts', { onUnknown: 'park' }) })
    world.answer(away)
    expect(await world.send(create('a', { id: 'a' }))).toMatchObject({ kind: 'unknown', spends: false })
    expect(world.requests).toHaveLength(1)
    expect(world.protocol.tables[0]?.onUnknown).toBe('park')
  })
})
