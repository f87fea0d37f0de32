import { describe, expect, it } from 'vitest'
import type { HttpAnswer } from '../../src/transport/answer'
import { type AuthOptions, createAuth } from '../../src/transport/auth'
import { createHttp } from '../../src/transport/http'
import { type FakeWorld, fakeWorld, html, json, never, settle } from './fake-world'

function httpIn(world: FakeWorld, auth: AuthOptions = {}, options: { maxBytes?: number } = {}) {
  return createHttp({ baseUrl: 'https://api.test/v1', env: world, auth: createAuth(auth, world), ...options })
}

const get = { method: 'GET', url: '/posts' }

describe('one exchange', () => {
  it('sends what it is given, under baseUrl, with the credentials of the moment', async () => {
    const world = fakeWorld(() => json({ id: 1 }, 201, { etag: '"7"' }))
    let token = 'first'
    const http = httpIn(world, { getHeaders: async () => ({ authorization: token }) })
    token = 'second'
    const answer = await http.exchange(
      { method: 'POST', url: '/posts', headers: { 'x-a': 'b' }, body: '{"a":1}' },
      never,
    )
    expect(answer).toEqual({
      kind: 'answered',
      status: 201,
      body: { kind: 'json', value: { id: 1 } },
      etag: '"7"',
    })
    const [request] = world.requests
    expect(request?.url).toBe('https://api.test/v1/posts')
    expect(await request?.text()).toBe('{"a":1}')
    expect(Object.fromEntries(request!.headers)).toMatchObject({ authorization: 'second', 'x-a': 'b' })
    expect([request?.cache, request?.credentials, request?.redirect]).toEqual([
      'no-store',
      'same-origin',
      'manual',
    ])
    expect(world.timers()).toBe(0)
  })

  it.each([
    ['an empty 200', () => new Response(''), { kind: 'none' }],
    ['a 204', () => new Response(null, { status: 204 }), { kind: 'none' }],
    ['the words of the status', () => new Response('OK'), { kind: 'none' }],
    ['a login page', () => html(), { kind: 'markup' }],
    ['a login page that calls itself nothing', () => new Response('<html>'), { kind: 'markup' }],
    ['JSON that is labelled HTML', () => typed('{"a":1}', 'text/html'), { kind: 'text', text: '{"a":1}' }],
    ['JSON without a label', () => typed('{"a":1}', 'text/plain'), { kind: 'json', value: { a: 1 } }],
    [
      'a problem',
      () => typed('{"a":1}', 'application/problem+json; charset=utf-8'),
      { kind: 'json', value: { a: 1 } },
    ],
    ['other text', () => typed('success', 'text/plain'), { kind: 'text', text: 'success' }],
  ])('reads %s', async (_, respond, body) => {
    const answer = await httpIn(fakeWorld(respond)).exchange(get, never)
    expect(answer).toMatchObject({ kind: 'answered', body })
  })

  it('takes JSON that was cut at any byte for broken, and never for data', async () => {
    const whole = JSON.stringify({ rows: Array.from({ length: 12 }, (_, id) => ({ id, title: `"${id}\\` })) })
    for (let at = 1; at < whole.length; at++) {
      const world = fakeWorld(() => typed(whole.slice(0, at), 'application/json'))
      const answer = await httpIn(world).exchange(get, never)
      expect(answer).toMatchObject({ kind: 'answered', body: { kind: 'broken' } })
    }
  })

  it('stops reading an endless answer at the cap', async () => {
    let cancelled = false
    const endless = () =>
      new Response(
        new ReadableStream({
          pull: (stream) => stream.enqueue(new Uint8Array(1024)),
          cancel: () => {
            cancelled = true
          },
        }),
      )
    const answer = await httpIn(fakeWorld(endless), {}, { maxBytes: 10_000 }).exchange(get, never)
    expect(answer).toMatchObject({ body: { kind: 'too-large' } })
    expect(cancelled).toBe(true)
  })

  it.each([301, 302, 303, 307, 308])('follows no %i', async (status) => {
    const world = fakeWorld(() => new Response(null, { status, headers: { location: 'https://evil.test/' } }))
    const answer = await httpIn(world).exchange(get, never)
    expect(answer).toEqual({ kind: 'redirected', status })
    expect(world.requests).toHaveLength(1)
  })

  it('knows a request that left from one that did not', async () => {
    const away = fakeWorld(() => Promise.reject(new TypeError('Failed to fetch')))
    expect(await httpIn(away).exchange(get, never)).toEqual({
      kind: 'failed',
      code: 'network-failed',
      sent: true,
    })
    const stopped = await httpIn(away).exchange(get, AbortSignal.abort())
    expect(stopped).toEqual({ kind: 'failed', code: 'stopped', sent: false })
    expect(away.requests).toHaveLength(1)
  })

  it('gives up a server that never answers, and one that never ends its answer', async () => {
    const hanging = [
      () => new Promise<Response>(() => {}),
      () => new Response(new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array(3)) })),
    ]
    for (const respond of hanging) {
      const world = fakeWorld(respond)
      const answer = httpIn(world).exchange(get, never)
      await world.pass(30_000)
      expect(await answer).toEqual({ kind: 'failed', code: 'timeout', sent: true })
      expect(world.timers()).toBe(0)
    }
  })

  it('has the time a slow connection needs for what it carries, up or down, and ten minutes at most (A15)', async () => {
    const slow = fakeWorld(() => new Promise<Response>(() => {}))
    const upload = httpIn(slow).exchange(
      { method: 'POST', url: '/posts', body: 'x'.repeat(1_000_000) },
      never,
    )
    await slow.pass(129_000)
    expect(slow.timers()).toBe(1)
    await slow.pass(1_000)
    expect(await upload).toMatchObject({ code: 'timeout' })

    const dripping = fakeWorld(
      () =>
        new Response(
          new ReadableStream({
            async pull(stream) {
              await new Promise<void>((resolve) => void dripping.timer(resolve, 10_000))
              stream.enqueue(new Uint8Array(200_000).fill(32))
            },
          }),
        ),
    )
    let over = false
    const download = httpIn(dripping).exchange(get, never)
    void download.then(() => {
      over = true
    })
    await dripping.pass(590_000)
    expect(over).toBe(false)
    await dripping.pass(20_000)
    expect(await download).toMatchObject({ code: 'timeout' })
  })

  it('stops at once when its caller does', async () => {
    const world = fakeWorld(() => new Promise<Response>(() => {}))
    const stop = new AbortController()
    const answer = httpIn(world).exchange(get, stop.signal)
    await settle()
    stop.abort()
    expect(await answer).toEqual({ kind: 'failed', code: 'stopped', sent: true })
    expect(world.timers()).toBe(0)
  })

  it.each([
    ['a foreign address', { ...get, url: 'https://evil.test/posts' }],
    ['a header with a line break', { ...get, headers: { etag: 'a\r\nx: y' } }],
    ['a header beyond Latin-1', { ...get, headers: { etag: '漢' } }],
  ])('does not send %s, and asks for no credentials', async (_, request) => {
    const world = fakeWorld()
    let asked = 0
    const http = httpIn(world, {
      getHeaders: () => {
        asked++
        return {}
      },
    })
    expect(await http.exchange(request, never)).toMatchObject({ kind: 'unsendable' })
    expect([asked, world.requests.length]).toEqual([0, 0])
  })
})

describe('the short burst', () => {
  const post = { method: 'POST', url: '/posts', body: '{}', burst: true }

  it('sends a request again that failed in passing, within five seconds and with the same bytes', async () => {
    const answers = [
      () => Promise.reject(new TypeError('fetch failed')),
      () => json({}, 503),
      () => json({ id: 1 }),
    ]
    const world = fakeWorld(() => answers.shift()!())
    const answer = httpIn(world).exchange(post, never)
    await world.pass(5000)
    expect(await answer).toMatchObject({ kind: 'answered', status: 200, earlierSent: true })
    expect(await Promise.all(world.requests.map((request) => request.text()))).toEqual(['{}', '{}', '{}'])
    expect(world.timers()).toBe(0)
  })

  it('ends after two repeats', async () => {
    const world = fakeWorld(() => json({}, 502))
    const answer = httpIn(world).exchange(post, never)
    await world.pass(60_000)
    expect(await answer).toMatchObject({ kind: 'answered', status: 502 })
    expect(world.requests).toHaveLength(3)
  })

  it.each([
    ['names a time', json({}, 503, { 'retry-after': '1' })],
    ['asks to slow down', json({}, 429)],
    ['failed on its own account', json({}, 500)],
    ['refused', json({}, 422)],
  ])('leaves a server alone that %s', async (_, response) => {
    const world = fakeWorld(() => response)
    await httpIn(world).exchange(post, never)
    expect(world.requests).toHaveLength(1)
  })

  it('repeats nothing that is not said to be repeatable', async () => {
    const world = fakeWorld(() => json({}, 503))
    await httpIn(world).exchange({ ...post, burst: false }, never)
    expect(world.requests).toHaveLength(1)
  })

  it('ends with its caller', async () => {
    const world = fakeWorld(() => json({}, 503))
    const stop = new AbortController()
    const answer = httpIn(world).exchange(post, stop.signal)
    await settle()
    stop.abort()
    expect(await answer).toMatchObject({ status: 503 } satisfies Partial<HttpAnswer>)
    expect([world.requests.length, world.timers()]).toEqual([1, 0])
  })
})

function typed(text: string, type: string): Response {
  return new Response(text, { headers: { 'content-type': type } })
}
