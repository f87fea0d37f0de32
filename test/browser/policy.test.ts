import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Backend, createBackend } from '../support/backend'
import type { Listening } from '../support/backend-http'
import type { Told } from './pages/policy'
import { bundlePage } from './support/bundle-page'
import { launch } from './support/tabs'

let browser: Browser
let script: string
let backend: Backend
let api: Listening
let app: Server
let hear: (told: Told) => void

beforeAll(async () => {
  script = await bundlePage('policy.html')
  backend = createBackend()
  api = await backend.listen()
  app = createServer(async (request, response) => {
    if (request.url === '/told') {
      hear(JSON.parse(await text(request)) as Told)
      return void response.end()
    }
    const isScript = request.url === '/policy.js'
    response.writeHead(200, {
      'content-type': isScript ? 'text/javascript' : 'text/html',
      'content-security-policy': [
        "default-src 'none'",
        "script-src 'self'",
        `connect-src 'self' ${api.url}`,
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ].join('; '),
    })
    response.end(isScript ? script : '<!doctype html><script type="module" src="/policy.js"></script>')
  })
  await new Promise<void>((ready) => app.listen(0, '127.0.0.1', ready))
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  app?.closeAllConnections()
  app?.close()
  await api?.close()
})

beforeEach(() => {
  for (const { id } of backend.rows('notes')) backend.erase('notes', id)
  backend.insert('notes', { id: 'theirs', text: 'of somebody else' })
})

/** What a page tells that lives under the policy, in a profile of its own. */
async function lived(query: string): Promise<Told> {
  const told = new Promise<Told>((resolve) => {
    hear = resolve
  })
  const context = await browser.newContext()
  const page = await context.newPage()
  const { port } = app.address() as AddressInfo
  await page.goto(`http://127.0.0.1:${port}/?api=${encodeURIComponent(api.url)}${query}`)
  try {
    return await told
  } finally {
    await context.close()
  }
}

it('S23 writes, pushes and pulls under a strict policy with Trusted Types, and violates nothing', async () => {
  expect(await lived('')).toMatchObject({
    rows: [
      { id: 'made', text: 'changed here' },
      { id: 'theirs', text: 'of somebody else' },
    ],
    violations: [],
  })
  expect(backend.rows('notes').map((row) => row.text)).toContain('changed here')
})

it('S23 the policy is one: what it is there for is refused and seen', async () => {
  const { violations, error } = await lived('&eval')
  expect(error).toMatch(/EvalError|TypeError/)
  expect(violations.length).toBeGreaterThan(0)
})
