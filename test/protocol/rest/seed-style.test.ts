import { describe, expect, it } from 'vitest'
import { defineRoutes } from '../../../src/protocol/rest/routes'
import { json } from '../../transport/fake-world'
import { create, pageOf, remove, restWorld, serverKeys, update } from './rest-world'

/** Routes as the API this library continues has always been written for. */
const routes = defineRoutes({
  posts: {
    push: {
      create: {
        method: 'POST',
        url: '/api/posts',
        body: (item) => item,
      },
      update: {
        method: 'PUT',
        url: (item) => `/api/posts/${item.id}`,
        body: (item) => item,
      },
      delete: {
        method: 'DELETE',
        url: (item) => `/api/posts/${item.id}`,
      },
    },
    pull: {
      method: 'GET',
      url: '/api/posts',
      query: async (ctx) => ({
        updated_after: (await ctx.getCheckpoint('pull:posts')) || 0,
      }),
      mapResponse: (response) => response.data,
      onComplete: async (response, ctx) => {
        const latest = Math.max(
          ...response.data.map((p: { updatedAt: string }) => new Date(p.updatedAt).getTime()),
        )
        await ctx.setCheckpoint('pull:posts', latest)
      },
    },
  },
})

function seedWorld() {
  return restWorld(routes, serverKeys, {}, 'https://api.example.com')
}

const at = '2024-01-01T00:00:00.000Z'

describe('routes in the older style', () => {
  it('send creates, updates and deletes', async () => {
    const world = seedWorld()
    world.answer(() => json({ id: 7, title: 'Hello World', updatedAt: at }, 201))
    expect(await world.send(create(-3, { id: -3, title: 'Hello World' }))).toMatchObject({ key: 7 })
    await world.send(update(7, { id: 7, title: 'a' }, { id: 7, title: 'b' }))
    await world.send(remove(7, { id: 7, title: 'b' }))
    expect(world.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST https://api.example.com/api/posts',
      'PUT https://api.example.com/api/posts/7',
      'DELETE https://api.example.com/api/posts/7',
    ])
    expect(await world.requests[0]?.json()).toEqual({ title: 'Hello World' })
    expect(await world.requests[1]?.json()).toEqual({ id: 7, title: 'b' })
  })

  it('pull once in a cycle, from the checkpoint their onComplete has set', async () => {
    const world = seedWorld()
    world.answer(() => json({ data: [{ id: 1, updatedAt: at }], hasMore: true }))
    const page = pageOf(await world.pull())
    expect(page).toMatchObject({ changes: [{ rows: [{ id: 1 }] }], more: false })
    await world.pull(page.checkpoint)
    expect(world.requests.map(({ url }) => new URL(url).search)).toEqual([
      '?updated_after=0',
      `?updated_after=${Date.parse(at)}`,
    ])
  })

  it('do not lose their checkpoint to the greatest of no rows', async () => {
    const world = seedWorld()
    world.answer(() => json({ data: [{ id: 1, updatedAt: at }] }))
    const { checkpoint } = pageOf(await world.pull())
    world.answer(() => json({ data: [] }))
    const quiet = pageOf(await world.pull(checkpoint))
    expect(quiet).toMatchObject({ more: false, warnings: ['checkpoint-ignored'] })
    expect(quiet.checkpoint).toBeUndefined()
  })

  it('do not go back (B6)', async () => {
    const world = seedWorld()
    world.answer(() => json({ data: [{ id: 1, updatedAt: at }] }))
    const { checkpoint } = pageOf(await world.pull())
    world.answer(() => json({ data: [{ id: 1, updatedAt: '2020-01-01T00:00:00Z' }] }))
    expect(pageOf(await world.pull(checkpoint))).toMatchObject({ warnings: ['checkpoint-decreased'] })
  })

  it('lose neither rows nor checkpoint where onComplete throws: the page is not there at all', async () => {
    const world = seedWorld()
    world.answer(() => json({ data: [{ id: 1, updatedAt: at }, null] }))
    expect(await world.pull()).toMatchObject({ kind: 'failed', reason: { code: 'user-code-failed' } })
  })
})

describe('setCheckpoint', () => {
  function pullWith(value: unknown) {
    const world = restWorld({
      posts: {
        pull: {
          url: '/posts',
          onComplete: async (_, ctx) => {
            await ctx.setCheckpoint('mine', value)
            await ctx.setCheckpoint('seen', String((await ctx.getCheckpoint('mine')) !== undefined))
          },
        },
      },
    })
    world.answer(() => json([]))
    return world.pull()
  }

  it.each([5, 'cursor', { a: [1, null] }, null, new Date(0)])('keeps %j', async (value) => {
    expect(pageOf(await pullWith(value)).checkpoint).toMatchObject({ named: { mine: value, seen: 'true' } })
  })

  it.each([Number.NaN, Number.NEGATIVE_INFINITY, undefined, () => {}, new Map(), 1n, 'x'.repeat(5000)])(
    'ignores what is no data, or too much of it',
    async (value) => {
      expect(pageOf(await pullWith(value))).toMatchObject({
        checkpoint: { named: { seen: 'false' } },
        warnings: ['checkpoint-ignored'],
      })
    },
  )

  it('leads on where mapResponse says that there is more', async () => {
    const world = restWorld({
      posts: {
        pull: {
          url: '/posts',
          query: async (ctx) => ({ page: (await ctx.getCheckpoint('page')) ?? 0 }),
          mapResponse: (response) => ({ rows: response, hasMore: response.length > 0 }),
          onComplete: async (response, ctx) => {
            if (response.length > 0)
              await ctx.setCheckpoint('page', ((await ctx.getCheckpoint('page')) ?? 0) + 1)
          },
        },
      },
    })
    world.answer((request) => json(request.url.endsWith('page=2') ? [] : [{ id: request.url }]))
    let checkpoint: unknown
    const pages: boolean[] = []
    while (pages.at(-1) !== false) {
      const page = pageOf(await world.pull(checkpoint))
      checkpoint = page.checkpoint ?? checkpoint
      pages.push(page.more)
    }
    expect(pages).toEqual([true, true, false])
  })
})
