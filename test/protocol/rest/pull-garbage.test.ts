import { describe, expect, it } from 'vitest'
import { resource } from '../../../src/protocol/rest/resource'
import { html, json } from '../../transport/fake-world'
import { clientKeys, pageOf, restWorld, serverKeys } from './rest-world'

const posts = { posts: resource('/posts') }

describe('an answer to a pull that is no page (B15, C10, C11)', () => {
  it.each<[string, () => Response | Promise<Response>, string]>([
    ['null', () => json(null), 'bad-answer'],
    ['a number', () => json(7), 'bad-answer'],
    ['a text', () => json('rows'), 'bad-answer'],
    ['true', () => json(true), 'bad-answer'],
    ['an empty object', () => json({}), 'bad-answer'],
    ['an error with 200', () => json({ error: 'x' }), 'bad-answer'],
    ['data that is an object', () => json({ data: {} }), 'bad-answer'],
    ['data that is null', () => json({ data: null }), 'bad-answer'],
    ['rows that are a text', () => json({ rows: 'abc' }), 'bad-answer'],
    ['deleted that is an object', () => json({ data: [], deleted: {} }), 'bad-answer'],
    ['deleted that is a number', () => json({ data: [], deleted: 3 }), 'bad-answer'],
    ['an empty 200', () => new Response(''), 'bad-answer'],
    [
      'cut JSON',
      () => new Response('[{"id":1},', { headers: { 'content-type': 'application/json' } }),
      'bad-answer',
    ],
    ['a login page', () => html(200), 'intercepted'],
    ['plain text', () => new Response('success'), 'intercepted'],
    ['a redirect', () => new Response(null, { status: 302 }), 'redirected'],
    ['404', () => json({}, 404), 'not-found'],
    ['403', () => json({}, 403), 'forbidden'],
    ['401', () => json({}, 401), 'auth-required'],
    ['400', () => json({}, 400), 'rejected'],
    ['409', () => json({}, 409), 'rejected'],
    ['429', () => json({}, 429), 'server-busy'],
    ['500', () => json({}, 500), 'server-failed'],
    ['no connection', () => Promise.reject(new TypeError('x')), 'network-failed'],
  ])('fails for %s', async (_, answer, code) => {
    const world = restWorld(posts)
    world.answer(answer)
    expect(await world.pull()).toMatchObject({ kind: 'failed', reason: { code } })
  })

  it('tells how long to leave the server alone', async () => {
    const world = restWorld(posts)
    world.answer(() => json({}, 503, { 'retry-after': '30' }))
    expect(await world.pull()).toMatchObject({ kind: 'failed', pause: 30_000 })
  })

  it('is a page where the server says 204: nothing is new', async () => {
    const world = restWorld(posts)
    world.answer(() => new Response(null, { status: 204 }))
    expect(pageOf(await world.pull())).toEqual({
      changes: [{ table: 'posts', rows: [], deleted: [] }],
      more: false,
    })
  })
})

describe('a mapResponse that answers garbage (B15)', () => {
  it.each<[string, () => unknown]>([
    ['undefined', () => undefined],
    ['null', () => null],
    ['a number', () => 7],
    ['a text', () => 'abc'],
    ['true', () => true],
    ['a function', () => () => []],
    ['a Map', () => new Map()],
    ['a Set of rows', () => new Set([{ id: 1 }])],
    ['an object', () => ({})],
    ['rows that are none', () => ({ rows: { 0: {} } })],
    ['rows that are null', () => ({ rows: null })],
    ['a promise in rows', () => ({ rows: Promise.resolve([]) })],
    ['deleted that is a text', () => ({ rows: [], deleted: 'abc' })],
    ['deleted that is null', () => ({ rows: [], deleted: null })],
    ['hasMore that is a text', () => ({ rows: [], hasMore: 'yes' })],
    ['an error', () => new Error('x')],
    [
      'an exception',
      () => {
        throw new Error('secret')
      },
    ],
    ['a rejection', () => Promise.reject(new Error('secret'))],
    [
      'a thrown nothing',
      () => {
        throw undefined
      },
    ],
  ])('fails the page for %s', async (_, mapResponse) => {
    const world = restWorld({ posts: { pull: { url: '/posts', mapResponse } } })
    world.answer(() => json([]))
    const answer = await world.pull()
    expect(answer).toMatchObject({ kind: 'failed', reason: { code: 'user-code-failed' } })
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  it.each(['mapResponse', 'query', 'url', 'headers', 'onComplete'])('or a %s that hangs', async (name) => {
    const world = restWorld({
      posts: { pull: { url: '/posts', [name]: () => new Promise(() => {}) } as never },
    })
    world.answer(() => json([]))
    const answer = world.pull()
    await world.pass(10_000)
    expect(await answer).toMatchObject({ kind: 'failed', reason: { code: 'user-code-failed' } })
    expect(world.timers()).toBe(0)
  })
})

describe('a page with bad rows in it (B16)', () => {
  it('keeps the good ones, and sets the bad ones aside with the reason', async () => {
    const world = restWorld(posts)
    const bad = [null, 7, 'x', [1], {}, { id: null }, { id: {} }, { id: true }, { id: [{}] }]
    world.answer(() => json([{ id: 'a' }, ...bad, { id: 'b' }]))
    const page = pageOf(await world.pull())
    expect(page.changes).toEqual([{ table: 'posts', rows: [{ id: 'a' }, { id: 'b' }], deleted: [] }])
    expect(page.quarantined?.map(({ row, code }) => [row, code])).toEqual([
      [null, 'row-not-object'],
      [7, 'row-not-object'],
      ['x', 'row-not-object'],
      [[1], 'row-not-object'],
      [{}, 'row-without-key'],
      [{ id: null }, 'row-without-key'],
      [{ id: {} }, 'row-invalid-key'],
      [{ id: true }, 'row-invalid-key'],
      [{ id: [{}] }, 'row-invalid-key'],
    ])
  })

  it('sets aside what cannot be stored', async () => {
    const mapResponse = () => [{ id: 1 }, { id: 2, run: () => {} }, { id: 3, later: Promise.resolve() }]
    const world = restWorld({ posts: { pull: { url: '/posts', mapResponse } } })
    const page = pageOf(await world.pull())
    expect(page.changes[0]?.rows).toEqual([{ id: 1 }])
    expect(page.quarantined).toHaveLength(2)
  })

  it('takes no key for the server’s that this device could have made', async () => {
    const world = restWorld(posts, serverKeys)
    world.answer(() => json([{ id: -5 }, { id: 5 }]))
    expect(pageOf(await world.pull())).toMatchObject({
      changes: [{ rows: [{ id: 5 }] }],
      quarantined: [{ code: 'row-invalid-key' }],
    })
  })

  it('lets the last row of a record count', async () => {
    const world = restWorld(posts, clientKeys)
    world.answer(() =>
      json([{ id: 1, v: 1 }, { id: '1' }, { id: 1, v: 2 }, { id: 2 }, { id: 2, _deleted: true }]),
    )
    expect(pageOf(await world.pull()).changes).toEqual([
      { table: 'posts', rows: [{ id: 1, v: 2 }, { id: '1' }], deleted: [2] },
    ])
  })
})

describe('deletions', () => {
  it('are marked rows and a list of keys or rows', async () => {
    const world = restWorld(posts)
    world.answer(() =>
      json({
        items: [
          { id: 1, deleted_at: 'now' },
          { id: 2, deletedAt: 5 },
          { id: 3, _deleted: true },
          { id: 4, deletedAt: null },
        ],
        deleted: [5, { id: 6 }, null, {}],
      }),
    )
    const page = pageOf(await world.pull())
    expect(page.changes[0]?.deleted).toEqual([1, 2, 3, 5, 6])
    expect(page.changes[0]?.rows).toEqual([{ id: 4, deletedAt: null }])
    expect(page.quarantined).toHaveLength(2)
  })

  it.each([
    ['a field', 'trashed', [1]],
    ['fields', ['x', 'trashed'], [1]],
    ['a function', (row: { id: number }) => row.id === 2, [2]],
    ['nothing', false, []],
  ] as const)('are told by %s where the route says so', async (_, tombstone, deleted) => {
    const world = restWorld({ posts: { pull: { url: '/posts', tombstone } } })
    world.answer(() =>
      json([
        { id: 1, trashed: true },
        { id: 2, deletedAt: 1 },
      ]),
    )
    expect(pageOf(await world.pull()).changes[0]?.deleted).toEqual(deleted)
  })

  it('fail the page where telling them throws', async () => {
    const tombstone = () => {
      throw new Error('x')
    }
    const world = restWorld({ posts: { pull: { url: '/posts', tombstone } } })
    world.answer(() => json([{ id: 1 }]))
    expect(await world.pull()).toMatchObject({ kind: 'failed', reason: { code: 'user-code-failed' } })
  })
})
