import { describe, expect, it } from 'vitest'
import type { Exchange } from '../../src/model/exchange'
import { type AuthOptions, createAuth } from '../../src/transport/auth'
import { createHttp } from '../../src/transport/http'
import { type FakeWorld, fakeWorld, json, never } from './fake-world'

function httpIn(world: FakeWorld, auth: AuthOptions = {}, options: { maxBytes?: number } = {}) {
  const told: Exchange[] = []
  const http = createHttp({
    baseUrl: 'https://api.test/v1',
    env: world,
    auth: createAuth(auth, world),
    onExchange: (exchange) => told.push(exchange),
    ...options,
  })
  return { http, told }
}

const get = { method: 'GET', url: '/posts' }

describe('every request that left is told of', () => {
  it('with its status, its duration, and the bytes of both bodies', async () => {
    const world = fakeWorld(() => json({ name: 'é' }, 201))
    const { http, told } = httpIn(world)
    await http.exchange({ method: 'POST', url: '/posts', body: '{"n":"é"}' }, never)
    expect(told).toEqual([{ status: 201, duration: 0, up: 10, down: 13 }])
  })

  it('once it is over, for as long as it took', async () => {
    let answer = (_: Response) => {}
    const world = fakeWorld(() => new Promise((resolve) => (answer = resolve)))
    const { http, told } = httpIn(world)
    const done = http.exchange(get, never)
    await world.pass(250)
    expect(told).toEqual([])
    answer(new Response(null, { status: 204 }))
    await done
    expect(told).toEqual([{ status: 204, duration: 250, up: 0, down: 0 }])
  })

  it('when nobody answers it', async () => {
    const { http, told } = httpIn(fakeWorld(() => Promise.reject(new TypeError('no connection'))))
    await http.exchange(get, never)
    expect(told).toEqual([{ duration: 0, up: 0, down: 0 }])
  })

  it('each try of a burst, and the one before a renewed login', async () => {
    const statuses = [401, 503, 200]
    const world = fakeWorld(() => json({}, statuses.shift()))
    const { http, told } = httpIn(world, { getHeaders: () => ({}), onAuthError: async () => true })
    const done = http.exchange({ ...get, burst: true }, never)
    await world.pass(10_000)
    await done
    expect(told.map(({ status }) => status)).toEqual([401, 503, 200])
  })

  it('with what was read of a body that is too large', async () => {
    const { http, told } = httpIn(
      fakeWorld(() => new Response('x'.repeat(100))),
      {},
      { maxBytes: 50 },
    )
    await http.exchange(get, never)
    expect(told).toMatchObject([{ status: 200, down: 100 }])
  })

  it('and none that never left', async () => {
    const { http, told } = httpIn(fakeWorld(), { getHeaders: () => null })
    await http.exchange(get, never)
    await http.exchange({ method: 'GET', url: 'https://elsewhere.test/' }, never)
    expect(told).toEqual([])
  })
})
