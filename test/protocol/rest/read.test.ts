import { describe, expect, it } from 'vitest'
import { resource } from '../../../src/protocol/rest/resource'
import { html, json } from '../../transport/fake-world'
import { clientKeys, restWorld } from './rest-world'

const posts = { posts: resource('/posts') }
const base = { id: 'a', title: 'old', updatedAt: 't1' }
const at = Date.UTC(2024, 0, 1)

describe('reading one record', () => {
  it.each<[string, () => Response, unknown]>([
    ['a row', () => json({ data: base }, 200, { etag: '"2"' }), { kind: 'row', row: base, etag: '"2"' }],
    ['404', () => json({}, 404), { kind: 'row', row: null }],
    ['null', () => json(null), { kind: 'row', row: null }],
    ['a deleted row', () => json({ id: 'a', deleted_at: 'now' }), { kind: 'row', row: null }],
    [
      'a page with 404',
      () => html(404),
      { kind: 'failed', reason: { code: 'intercepted', status: 404, at } },
    ],
    [
      'another row',
      () => json({ id: 'b' }),
      { kind: 'failed', reason: { code: 'wrong-record', status: 200, at } },
    ],
    ['a list', () => json([base]), { kind: 'failed', reason: { code: 'bad-answer', status: 200, at } }],
    [
      '503',
      () => json({}, 503, { 'retry-after': '9' }),
      { kind: 'failed', pause: 9000, reason: { code: 'server-busy', status: 503, at } },
    ],
    ['403', () => json({}, 403), { kind: 'failed', reason: { code: 'forbidden', status: 403, at } }],
  ])('%s', async (_, answer, found) => {
    const world = restWorld(posts, clientKeys)
    world.answer(answer)
    expect(await world.protocol.read?.('posts', 'a', { signal: new AbortController().signal })).toEqual(found)
    expect(world.requests[0]?.url).toBe('https://api.test/v1/posts/a')
  })

  it('can be had where there is a route for it', () => {
    const { protocol } = restWorld({ ...posts, notes: { pull: { url: '/notes' } } })
    expect([protocol.canRead('posts'), protocol.canRead('notes'), protocol.canRead('none')]).toEqual([
      true,
      false,
      false,
    ])
  })
})
