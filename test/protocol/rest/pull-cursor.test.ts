import { describe, expect, it } from 'vitest'
import type { Route } from '../../../src/protocol/rest/routes'
import { json } from '../../transport/fake-world'
import { pageOf, type RestWorld, restWorld } from './rest-world'

const declared: Route = { pull: { url: '/posts', checkpoint: { type: 'cursor' } } }

/** A server whose pages follow each other as `next` says. */
function chain(world: RestWorld, next: (cursor: string | null) => Record<string, unknown>) {
  world.answer((request) => json(next(new URL(request.url).searchParams.get('cursor'))))
}

/** Pulls until there is no more or nothing goes on; at most `most` pages. */
async function pullUntil(world: RestWorld, most: number, from?: unknown, sinceMoved = 0) {
  let checkpoint = from
  for (let pages = 1; pages <= most; pages++) {
    const answer = await world.pull(checkpoint, { limit: 2, sinceMoved: pages === 1 ? sinceMoved : 0 })
    if (answer.kind === 'failed') return { pages, checkpoint, code: answer.reason.code }
    checkpoint = answer.page.checkpoint ?? checkpoint
    if (!answer.page.more) return { pages, checkpoint }
  }
  throw new Error('the pull does not end')
}

describe('a pull by cursor', () => {
  it('hands back what the server gave, and keeps the last one for the next cycle', async () => {
    const world = restWorld({ posts: declared })
    chain(world, (cursor) => {
      if (cursor === null) return { data: [{ id: 1 }], cursor: 'a/b&', hasMore: true }
      return { data: [], cursor, hasMore: false }
    })
    const { checkpoint } = await pullUntil(world, 5)
    await world.pull(checkpoint)
    expect(world.requests.map(({ url }) => new URL(url).search)).toEqual([
      '?limit=2',
      '?cursor=a%2Fb%26&limit=2',
      '?cursor=a%2Fb%26&limit=500',
    ])
  })

  it('is followed to its end where nobody says whether there is more', async () => {
    const world = restWorld({ posts: declared })
    chain(world, (cursor) => {
      const at = Number(cursor ?? 0)
      return at < 3 ? { data: [{ id: at }], nextCursor: at + 1 } : { data: [], nextCursor: null }
    })
    expect(await pullUntil(world, 10)).toMatchObject({ pages: 4 })
  })

  it.each([
    ['does not advance', () => 'same', 2],
    ['swings between two places', (cursor: string | null) => (cursor === 'a' ? 'b' : 'a'), 8],
    [
      'goes round in a hundred steps',
      (cursor: string | null) => String((Number(cursor ?? 0) + 1) % 100),
      400,
    ],
  ])('that %s is stuck, and the checkpoint is kept (B11)', async (_, next, most) => {
    const world = restWorld({ posts: declared })
    chain(world, (cursor) => ({ data: [{ id: 1 }], cursor: next(cursor), hasMore: true }))
    const stuck = await pullUntil(world, most)
    expect(stuck.code).toBe('cursor-stuck')
    expect(stuck.checkpoint).toBeDefined()
    expect(await pullUntil(world, most, stuck.checkpoint)).toMatchObject({ code: 'cursor-stuck' })
  })

  it('through a thousand pages is not taken for a circle', async () => {
    const world = restWorld({ posts: declared })
    chain(world, (cursor) => {
      const at = Number(cursor ?? 0) + 1
      return { data: [{ id: at }], cursor: String(at), hasMore: at < 1000 }
    })
    expect(await pullUntil(world, 1001)).toMatchObject({ pages: 1000 })
  })

  it('asks for few empty pages at once, and goes on later (B12)', async () => {
    const world = restWorld({ posts: declared })
    chain(world, (cursor) => ({ data: [], cursor: String(Number(cursor ?? 0) + 1), hasMore: true }))
    const first = await pullUntil(world, 20)
    expect(first).toMatchObject({ pages: 11, code: 'cursor-stuck' })
    expect(await pullUntil(world, 20, first.checkpoint)).toMatchObject({ pages: 1, code: 'cursor-stuck' })
    expect(await pullUntil(world, 20, first.checkpoint, 30_000)).toMatchObject({ pages: 11 })
  })

  it('refuses a cursor of more than 4 kB (S14)', async () => {
    const world = restWorld({ posts: declared })
    chain(world, () => ({ data: [], cursor: 'x'.repeat(5000) }))
    expect(await world.pull()).toMatchObject({ kind: 'failed', reason: { code: 'bad-answer' } })
  })

  it('may come from mapResponse, and be asked with in the route’s own way', async () => {
    const world = restWorld({
      posts: {
        pull: {
          url: ({ checkpoint }) => (checkpoint ? `/posts/since/${checkpoint.seq}` : '/posts'),
          mapResponse: ({ list, seq, more }) => ({ rows: list, checkpoint: { seq }, hasMore: more }),
        },
      },
    })
    world.answer((request) => json({ list: [{ id: 1 }], seq: 9, more: !request.url.endsWith('9') }))
    expect(await pullUntil(world, 5)).toMatchObject({ pages: 2 })
    expect(world.requests[1]?.url).toBe('https://api.test/v1/posts/since/9')
  })
})

describe('a checkpoint of another strategy', () => {
  it('is not taken for one of this, and that is said', async () => {
    const cursor = restWorld({ posts: declared })
    chain(cursor, () => ({ data: [{ id: 1 }], cursor: 'c' }))
    const { checkpoint } = pageOf(await cursor.pull())
    const byTime = restWorld({
      posts: { pull: { url: '/posts', checkpoint: { type: 'keyset', field: 'updatedAt' } } },
    })
    byTime.answer(() => json([{ id: 1, updatedAt: 5 }]))
    expect(pageOf(await byTime.pull(checkpoint)).warnings).toEqual(['checkpoint-ignored'])
    expect(byTime.requests[0]?.url).not.toContain('updated_after')
  })

  it.each([null, 7, 'x', [], { format: 2 }, { format: 1 }])('nor is %j', async (checkpoint) => {
    const world = restWorld({ posts: declared })
    chain(world, () => ({ data: [] }))
    expect(pageOf(await world.pull(checkpoint)).warnings).toEqual(['checkpoint-ignored'])
  })
})
