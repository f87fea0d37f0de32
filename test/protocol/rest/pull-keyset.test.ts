import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resource } from '../../../src/protocol/rest/resource'
import { json } from '../../transport/fake-world'
import { pageOf, type RestWorld, restWorld } from './rest-world'

interface Post {
  readonly id: number
  readonly updatedAt: number
}

type Compare = (row: Post, after: number) => boolean

const after: Compare = (row, time) => row.updatedAt > time
const since: Compare = (row, time) => row.updatedAt >= time

/** A server that holds rows and compares in one way or the other. */
function serve(world: RestWorld, rows: readonly Post[], compare: Compare) {
  world.answer((request) => {
    const query = new URL(request.url).searchParams
    const from = Number(query.get('updated_after') ?? Number.NEGATIVE_INFINITY)
    const found = [...rows].sort((a, b) => a.updatedAt - b.updatedAt).filter((row) => compare(row, from))
    return json({ data: found.slice(0, Number(query.get('limit'))) })
  })
}

/** Pulls to the end, as the engine does; answers every row that came and the checkpoint. */
async function pullAll(world: RestWorld, limit: number, from?: unknown, sinceMoved = 60_000) {
  const rows: unknown[] = []
  let checkpoint = from
  for (let pages = 1; pages < 1000; pages++) {
    const page = pageOf(await world.pull(checkpoint, { limit, sinceMoved: pages === 1 ? sinceMoved : 0 }))
    rows.push(...(page.changes[0]?.rows ?? []))
    if (page.checkpoint !== undefined) checkpoint = page.checkpoint
    if (!page.more) return { rows, checkpoint, pages }
  }
  throw new Error('the pull does not end')
}

const asked = (world: RestWorld) =>
  world.requests.map(({ url }) => {
    const query = new URL(url).searchParams
    return [query.get('updated_after'), query.get('limit')]
  })

const T = 1_700_000_000_000

describe.each([
  ['after', after],
  ['since', since],
])('a pull by time, from a server that compares with "%s" (B4)', (_, compare) => {
  const routes = { posts: resource('/posts') }

  it('begins without a time and ends with a page that is not full', async () => {
    const world = restWorld(routes)
    serve(
      world,
      [
        { id: 1, updatedAt: T },
        { id: 2, updatedAt: T + 5 },
      ],
      compare,
    )
    const { rows, pages } = await pullAll(world, 500)
    expect([rows.length, pages]).toEqual([2, 1])
    expect(asked(world)).toEqual([[null, '500']])
  })

  it('misses no row, however the pages cut the times', async () => {
    const times = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(times, fc.integer({ min: 1, max: 7 }), async (offsets, limit) => {
        const world = restWorld(routes)
        serve(
          world,
          offsets.map((offset, id) => ({ id, updatedAt: T + offset })),
          compare,
        )
        const { rows } = await pullAll(world, limit)
        const ids = new Set(rows.map((row) => (row as Post).id))
        expect(ids.size).toBe(offsets.length)
      }),
      { numRuns: 200 },
    )
  })

  it('gets a thousand rows of one millisecond with pages of a hundred', async () => {
    const world = restWorld(routes)
    serve(
      world,
      Array.from({ length: 1000 }, (_, id) => ({ id, updatedAt: T })),
      compare,
    )
    const { rows } = await pullAll(world, 100)
    expect(rows).toHaveLength(1000)
    expect(asked(world).map(([, limit]) => limit)).toEqual(['100', '200', '400', '800', '1600'])
  })

  it('says so when more rows share a time than the largest page holds', async () => {
    const world = restWorld(routes)
    serve(
      world,
      Array.from({ length: 10_001 }, (_, id) => ({ id, updatedAt: T })),
      compare,
    )
    expect(await world.pull(undefined, { limit: 5000 })).toMatchObject({
      kind: 'failed',
      reason: { code: 'stuck-boundary' },
    })
  })

  it('finds a row that was stamped before the last page and stored after it (B5)', async () => {
    const world = restWorld(routes)
    const rows = [{ id: 1, updatedAt: T }]
    serve(world, rows, compare)
    const { checkpoint } = await pullAll(world, 10)
    rows.push({ id: 2, updatedAt: T - 3000 })
    await world.pass(30_000)
    const second = await pullAll(world, 10, checkpoint, 30_000)
    expect(second.rows).toContainEqual({ id: 2, updatedAt: T - 3000 })
  })

  it('finds a row of the newest time that a replica shows long after the others of that time (B3)', async () => {
    const world = restWorld(routes)
    const rows = [{ id: 1, updatedAt: T }]
    serve(world, rows, compare)
    let { checkpoint } = await pullAll(world, 10)
    await world.pass(30_000)
    ;({ checkpoint } = await pullAll(world, 10, checkpoint, 30_000))
    rows.push({ id: 2, updatedAt: T })
    await world.pass(30_000)
    const third = await pullAll(world, 10, checkpoint, 30_000)
    expect(third.rows).toContainEqual({ id: 2, updatedAt: T })
  })

  it('asks the overlap until its time has passed, once more, and then no longer', async () => {
    const world = restWorld(routes)
    // More rows in the overlap than fit a page: a bulk import.
    serve(
      world,
      Array.from({ length: 25 }, (_, id) => ({ id, updatedAt: T + id * 10 })),
      compare,
    )
    let { checkpoint } = await pullAll(world, 10)
    const firsts: unknown[] = []
    for (let cycle = 0; cycle < 5; cycle++) {
      await world.pass(4000)
      const before = world.requests.length
      ;({ checkpoint } = await pullAll(world, 10, checkpoint, 4000))
      firsts.push(asked(world)[before]?.[0])
    }
    const overlap = String(T + 240 - 10_000)
    expect(firsts).toEqual([overlap, overlap, overlap, String(T + 239), String(T + 239)])
    await world.pass(10 * 60_000)
    const quiet = pageOf(await world.pull(checkpoint, { limit: 10 }))
    expect(quiet.checkpoint).toBeUndefined()
    expect(asked(world).at(-1)?.[0]).toBe(String(T + 240))
  })
})

describe('a pull by time', () => {
  it('asks in the form of the rows', async () => {
    const world = restWorld({ posts: resource('/posts') })
    world.answer(() => json([{ id: 1, modified: '2024-01-01T00:00:20.123456+00:00' }]))
    const { checkpoint } = pageOf(await world.pull())
    await world.pull(checkpoint, { sinceMoved: 1 })
    expect(asked(world)[1]?.[0]).toBe('2024-01-01T00:00:10.123000+00:00')
  })

  it('goes on where it was stopped', async () => {
    const world = restWorld({ posts: resource('/posts') })
    serve(
      world,
      Array.from({ length: 10 }, (_, id) => ({ id, updatedAt: T + id })),
      after,
    )
    const { checkpoint } = pageOf(await world.pull(undefined, { limit: 4 }))
    const { rows } = await pullAll(world, 4, checkpoint)
    expect([...new Set(rows.map((row) => (row as Post).id))]).toEqual([3, 4, 5, 6, 7, 8, 9])
  })

  it('never goes back, whatever the server answers (B6)', async () => {
    const world = restWorld({ posts: resource('/posts', { overlap: 0 }) })
    world.answer(() => json([{ id: 1, updatedAt: T }]))
    const { checkpoint } = pageOf(await world.pull())
    world.answer(() => json([{ id: 2, updatedAt: T - 99_999 }]))
    expect(pageOf(await world.pull(checkpoint))).toMatchObject({ warnings: ['not-incremental'] })
    world.answer(() => json([]))
    await world.pull(checkpoint)
    expect(asked(world).map(([time]) => time)).toEqual([null, String(T), String(T)])
  })

  it('takes the second field of a keyset, where the server has one', async () => {
    const world = restWorld({
      posts: { pull: { url: '/posts', checkpoint: { type: 'keyset', field: 'at', key: 'id', overlap: 0 } } },
    })
    const rows = Array.from({ length: 7 }, (_, id) => ({ id, at: T }))
    world.answer((request) => {
      const query = new URL(request.url).searchParams
      const [at, id] = [Number(query.get('updated_after') ?? 0), Number(query.get('after_id') ?? -1)]
      return json(rows.filter((row) => row.at > at || row.id > id).slice(0, 3))
    })
    const all = await pullAll(world, 3)
    expect([all.rows.length, all.pages]).toEqual([7, 3])
  })

  it('by version asks from the last one on, without overlap', async () => {
    const world = restWorld({
      posts: { pull: { url: '/posts', checkpoint: { type: 'version', field: 'rev' } } },
    })
    world.answer(() => json([{ id: 1, rev: 41 }]))
    const { checkpoint } = pageOf(await world.pull())
    await world.pull(checkpoint, { sinceMoved: 1 })
    expect(world.requests[1]?.url).toBe('https://api.test/v1/posts?since=41&limit=500')
    expect(world.protocol.tables[0]?.orderField).toBe('rev')
  })
})

describe('a server that does not do as asked', () => {
  const rows = (count: number, time = (id: number) => T + id) =>
    Array.from({ length: count }, (_, id) => ({ id, updatedAt: time(id) }))

  it('and always answers everything is noticed, and costs no endless loop', async () => {
    const world = restWorld({ posts: resource('/posts', { overlap: 0 }) })
    world.answer(() => json(rows(30)))
    const first = await pullAll(world, 10)
    expect(first.rows.length).toBeGreaterThanOrEqual(30)
    const page = pageOf(await world.pull(first.checkpoint, { limit: 10 }))
    expect(page).toMatchObject({ more: false, warnings: ['not-incremental'] })
    expect(world.requests.length).toBeLessThan(6)
  })

  it('and answers newest first is read with larger pages, up to a page that is not full', async () => {
    const world = restWorld({ posts: resource('/posts') })
    const newestFirst = rows(35).reverse()
    world.answer((request) =>
      json(newestFirst.slice(0, Number(new URL(request.url).searchParams.get('limit')))),
    )
    const page = pageOf(await world.pull(undefined, { limit: 10 }))
    expect([page.changes[0]?.rows.length, page.more, page.warnings]).toEqual([35, false, ['not-incremental']])
  })

  it('and has more rows out of order than a page can hold does not move the checkpoint over them', async () => {
    const world = restWorld({ posts: resource('/posts') })
    const newestFirst = rows(12_000).reverse()
    world.answer(() => json(newestFirst.slice(0, 10_000)))
    const page = pageOf(await world.pull(undefined, { limit: 10_000 }))
    expect([page.changes[0]?.rows.length, page.more, page.checkpoint]).toEqual([10_000, false, undefined])
    expect(page.warnings).toEqual(['not-incremental'])
  })

  it('and answers no times at all ends', async () => {
    const world = restWorld({ posts: resource('/posts') })
    world.answer((request) =>
      json(
        rows(25)
          .map(({ id }) => ({ id }))
          .slice(0, Number(new URL(request.url).searchParams.get('limit'))),
      ),
    )
    const page = pageOf(await world.pull(undefined, { limit: 10 }))
    expect([page.changes[0]?.rows.length, page.more, page.checkpoint]).toEqual([25, false, undefined])
  })

  it('and says that there is more behind an empty page is stuck (B12)', async () => {
    const world = restWorld({ posts: resource('/posts') })
    world.answer(() => json({ data: [], hasMore: true }))
    expect(await world.pull()).toMatchObject({ kind: 'failed', reason: { code: 'cursor-stuck' } })
  })
})
