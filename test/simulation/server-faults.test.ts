import { describe, expect, it } from 'vitest'
import { prng } from './prng'
import { poison } from './server'
import { lookback, overlap, refusals, serverFaults } from './server-weather'
import { serverWith } from './server-with'
import { tableShapes } from './swarm'
import { serverWeather } from './swarm-server'
import { epoch } from './tab-environment'

const create = ({ call }: ReturnType<typeof serverWith>, title: string) =>
  call('POST', '/api/posts', { title })

const all = '/api/posts?limit=100'

describe('the time of commits', () => {
  it('is one for several of them, but a record goes on', () => {
    const world = serverWith({}, { ties: 1 })
    for (const title of ['a', 'b', 'c']) create(world, title)
    world.call('PATCH', '/api/posts/1', { title: 'd' })
    expect(world.rows(all).map(({ id, updated_at }) => [id, updated_at])).toEqual([
      [2, epoch],
      [3, epoch],
      [1, epoch + 1],
    ])
    expect(world.struck.get('one-time')).toBe(2)
  })

  it('lies before that of commits which were seen earlier, by no more than was said', () => {
    const world = serverWith({}, { late: 9_000 })
    const times: number[] = []
    for (let i = 0; i < 200; i++) {
      world.pass(100)
      create(world, 'a')
      const { updated_at: time } = world.server.rows('posts').at(-1)!
      expect(time).toBeGreaterThanOrEqual(epoch + 100 * (i + 1) - 9_000)
      times.push(time as number)
    }
    expect(world.struck.get('late-commit')).toBeGreaterThan(20)
    expect(times).not.toEqual([...times].sort((a, b) => a - b))
  })

  it('jumps back where the clock does, but never for one record', () => {
    const world = serverWith({}, { jumps: 3_000, skew: 50_000 })
    create(world, 'a')
    let last = 0
    for (let i = 0; i < 200; i++) {
      world.pass(10)
      world.call('PATCH', '/api/posts/1', { title: `${i}` })
      const time = world.server.rows('posts')[0]!.updated_at as number
      expect(time).toBeGreaterThan(last)
      last = time
    }
    expect(world.struck.get('clock-jump')).toBeGreaterThan(3)
    expect(Math.abs(last - epoch - 50_000 - 2_000)).toBeLessThan(3_001)
  })

  it('is as it should be when the faults are over', () => {
    const world = serverWith({}, { late: 9_000, jumps: 3_000, ties: 1 })
    world.server.heal()
    for (let i = 0; i < 50; i++) create(world, 'a')
    const times = world.server.rows('posts').map(({ updated_at }) => updated_at as number)
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
  })
})

describe('a list', () => {
  it('comes from a replica that does not know yet what was committed last', () => {
    const world = serverWith({}, { lag: 1_000 })
    create(world, 'a')
    world.pass(2_000)
    create(world, 'b')
    world.call('PATCH', '/api/posts/1', { title: 'c' })
    const seen = Array.from({ length: 50 }, () => world.rows(all).map(({ title }) => title))
    expect(seen).toContainEqual(['a'])
    expect(seen).toContainEqual(['b', 'c'])
    expect(world.struck.get('replica-lag')).toBe(seen.filter(([title]) => title === 'a').length)
    world.server.heal()
    expect(world.rows(all)).toHaveLength(2)
  })
})

describe('a list from a checkpoint', () => {
  it('is answered with 410 once for each device and table, when the server has lost track', () => {
    const { server, call, pass, struck } = serverWith({}, { anew: 5_000 })
    const since = '/api/posts?limit=100&updated_after=1'
    expect(call('GET', since).status).toBe(200)
    pass(5_000)
    expect([call('GET', all), call('GET', since), call('GET', since)].map(({ status }) => status)).toEqual([
      200, 410, 200,
    ])
    expect(call('GET', since.replace('posts', 'notes')).status).toBe(410)
    expect(struck.get('begin-anew')).toBe(2)
    server.heal()
    expect(call('GET', since.replace('posts', 'comments')).status).toBe(200)
  })
})

describe('what was deleted', () => {
  it('vanishes from lists without a trace', () => {
    const world = serverWith({}, { traceless: true })
    create(world, 'a')
    create(world, 'b')
    world.call('DELETE', '/api/posts/1')
    expect(world.rows(all).map(({ id }) => id)).toEqual([2])
    expect(world.struck.get('no-tombstone')).toBe(1)
  })
})

describe('a write', () => {
  const tables = tableShapes(() => 'ms').map((table) => ({ ...table, versions: true }))

  it('that stands on an older version is answered with the row', () => {
    const { call, struck, ledger } = serverWith({ tables })
    expect(JSON.parse(call('POST', '/api/posts', { title: 'a' }).body!)).toMatchObject({ version: 1 })
    expect(call('PATCH', '/api/posts/1', { title: 'b', version: 1 }).status).toBe(200)
    const late = call('PATCH', '/api/posts/1', { title: 'c', version: 1 })
    expect([late.status, JSON.parse(late.body!)]).toMatchObject([409, { title: 'b', version: 2 }])
    expect(call('DELETE', '/api/posts/1', { version: 1 }).status).toBe(409)
    expect(struck.get('stale-version')).toBe(2)
    expect(call('PATCH', '/api/posts/1', { title: 'd' }).status).toBe(200)
    expect(call('DELETE', '/api/posts/1', { version: 3 }).status).toBe(204)
    expect(ledger).toHaveLength(4)
  })

  it.each(refusals)('with a value the server will not have is answered with %i', (refusal) => {
    const { call, struck, ledger } = serverWith({}, { refusal })
    const refused = call('POST', '/api/posts', { title: `${poison}w1` })
    expect(refused.status).toBe(refusal)
    create({ call } as ReturnType<typeof serverWith>, 'a')
    const { status, body } = call('PATCH', '/api/posts/1', { title: `${poison}w2` })
    expect(status).toBe(refusal === 404 || refusal === 410 ? 422 : refusal)
    if (refusal === 409) expect(JSON.parse(body!)).toMatchObject({ id: 1, title: 'a' })
    expect(struck.get('refusal')).toBe(2)
    expect(ledger).toHaveLength(1)
  })
})

describe('the servers of seeds', () => {
  const drawn = Array.from({ length: 500 }, (_, seed) => serverWeather(prng(seed, 'server')))

  it('stay within what the library bears', () => {
    for (const { jumps, late, lag } of drawn)
      expect(jumps + late === 0 ? lag <= 60_000 : jumps + late + lag < overlap).toBe(true)
  })

  it('know every fault', () => {
    expect(drawn.some((weather) => lookback(weather) === 0 && weather.ties === 0)).toBe(true)
    expect(drawn.some((weather) => lookback(weather) === 1)).toBe(true)
    expect(drawn.filter((weather) => lookback(weather) === overlap).length).toBeGreaterThan(100)
    expect(drawn.filter(({ traceless }) => traceless).length).toBeGreaterThan(20)
    expect(drawn.some(({ traceless, lag }) => traceless && lag > 0)).toBe(false)
    expect(new Set(drawn.map(({ refusal }) => refusal)).size).toBe(refusals.length)
    expect(new Set(serverFaults).size).toBe(serverFaults.length)
  })
})
