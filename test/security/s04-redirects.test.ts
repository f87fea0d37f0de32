import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Reason } from '../../src/model/outcome'
import { createBackend } from '../support/backend'
import { journey } from '../support/journey'

const auth = {
  getHeaders: () => ({ authorization: 'Bearer secret', 'x-api-key': 'secret', cookie: 'session=secret' }),
}

/** A real server that writes down what reaches it. */
interface Listener {
  readonly url: string
  readonly heard: IncomingMessage[]
  close(): Promise<void>
}

async function listen(
  answer: (request: IncomingMessage) => Record<string, string> | undefined,
  status = 200,
) {
  const heard: IncomingMessage[] = []
  const server: Server = createServer((request, response) => {
    heard.push(request)
    request.resume()
    request.on('end', () => response.writeHead(status, answer(request)).end(status === 200 ? '[]' : ''))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, heard, close } satisfies Listener
}

let other: Listener

beforeEach(async () => {
  other = await listen(() => ({ 'content-type': 'application/json' }))
})

afterEach(() => other.close())

describe('S4 a redirect', () => {
  const cases = [301, 302, 303, 307, 308].flatMap((status) =>
    ['to another origin', 'within the origin'].map((where): [number, string] => [status, where]),
  )

  it.each(cases)('%i %s is not followed, and the change waits', async (status, where) => {
    const own = await listen(
      ({ url = '' }) => ({
        location: where === 'within the origin' ? `/elsewhere${url}` : `${other.url}${url}`,
      }),
      status,
    )
    try {
      const backend = { ...createBackend(), fetch: (request: Request) => fetch(request) }
      const { db, sync, device } = await journey({ backend, config: { baseUrl: own.url, auth } })
      await db.notes.add({ id: 'n', text: 'mine' })
      await device.until(sync.push())
      expect(own.heard.map(({ method }) => method)).toContain('POST')
      expect(own.heard.map(({ url }) => url).filter((url) => url?.startsWith('/elsewhere'))).toEqual([])
      expect(other.heard).toEqual([])
      expect(await db.notes.get('n')).toEqual({ id: 'n', text: 'mine' })
      const { pending, deadLetters } = sync.getStatus()
      expect(pending + deadLetters).toBe(1)
    } finally {
      await own.close()
    }
  })
})

it('S5 a next link of a server is not followed: an answer brings rows and a cursor, never an address', async () => {
  const backend = createBackend()
  const went: string[] = []
  const evil = 'https://evil.test/api/notes?page=2'
  backend.respondNext(
    50,
    {
      status: 200,
      headers: { 'content-type': 'application/json', link: `<${evil}>; rel="next"` },
      body: {
        data: [{ id: 'a', text: 'x' }],
        next: evil,
        nextUrl: evil,
        links: { next: evil },
        cursor: evil,
        hasMore: true,
      },
    },
    { method: 'GET', path: '/api/notes' },
  )
  const fetch = (request: Request) => {
    went.push(new URL(request.url).origin)
    return backend.fetch(request)
  }
  const routes = {
    notes: { pull: { method: 'GET' as const, url: '/api/notes', checkpoint: { type: 'cursor' as const } } },
  }
  const { sync, device, until } = await journey({ backend: { ...backend, fetch }, config: { routes, auth } })
  await until(sync.pull())
  await device.settle()
  expect(backend.asked({ path: '/api/notes' }).some(({ query }) => query.cursor === evil)).toBe(true)
  expect(new Set(went)).toEqual(new Set(['https://api.example.test']))
})

describe('S6 a header that cannot be sent', () => {
  const bad = ['a\r\nx-evil: 1', 'a\nb', 'a\u0000b', '漢', 'a\u2028b']

  it.each(bad)('%j of a route holds its change back and loses nothing', async (value) => {
    let header = value
    const routes = {
      notes: {
        push: { create: { url: '/api/notes', headers: () => ({ 'x-app': header }) } },
        pull: { method: 'GET' as const, url: '/api/notes' },
      },
    }
    const { db, sync, backend, device, settled, tab } = await journey({ config: { routes } })
    const told: Reason[] = []
    sync.on('push-error', ({ reason }) => void told.push(reason))
    await db.notes.add({ id: 'n', text: 'mine' })
    await device.settle()
    await device.until(sync.push())
    expect(backend.asked({ method: 'POST' })).toEqual([])
    expect((await sync.explain('notes', 'n')).entries).toHaveLength(1)
    expect(told.map(({ code }) => code)).toContain('user-code-failed')
    expect(JSON.stringify(told)).not.toContain('evil')
    header = 'fine'
    await device.until(sync.sync())
    await settled()
    expect(backend.rows('notes')).toHaveLength(1)
    expect(tab.reports).toEqual([])
  })

  it.each(bad)('%j of the login counts as no login, and nothing is lost', async (value) => {
    let token = value
    const config = { auth: { getHeaders: () => ({ authorization: token }) } }
    const { db, sync, backend, device, settled, tab } = await journey({ config })
    await db.notes.add({ id: 'n', text: 'mine' })
    await device.settle()
    expect(sync.getStatus()).toMatchObject({ state: 'auth-required', pending: 1 })
    token = 'Bearer good'
    await device.until(sync.sync())
    await settled()
    expect(backend.rows('notes')).toHaveLength(1)
    expect(tab.reports).toEqual([])
  })
})

it('S9 a login is renewed for the own server only: nothing else is ever asked', async () => {
  const backend = createBackend()
  const asked: unknown[][] = []
  backend.respondNext(1, {
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="https://evil.test"', location: 'https://evil.test/login' },
    body: { refreshUrl: 'https://evil.test/token' },
  })
  const went: string[] = []
  const fetch = (request: Request) => {
    went.push(new URL(request.url).origin)
    return backend.fetch(request)
  }
  const config = {
    auth: {
      ...auth,
      onAuthError: (...told: unknown[]) => {
        asked.push(told)
      },
    },
  }
  const { settled } = await journey({ backend: { ...backend, fetch }, config })
  await settled()
  expect(asked.length).toBeGreaterThan(0)
  for (const [error, ...more] of asked) {
    expect(more).toEqual([])
    expect(JSON.stringify(error)).not.toMatch(/evil|secret/)
  }
  expect(new Set(went)).toEqual(new Set(['https://api.example.test']))
})
