import { expect, it, onTestFinished, vi } from 'vitest'
import { defineRoutes, resource, type SyncConfig, type SyncEventName } from '../../src/index'
import type { ApiAnswer } from '../support/backend-semantics'
import { blogRoutes, type Journey, journey } from '../support/journey'
import { databaseText } from './database-text'

const token = 'tok3n-c0rrect-h0rse'
const words = 'b4ttery-st4ple'
const secrets = new RegExp(`${token}|${words}`)

const names: readonly SyncEventName[] = [
  'sync-start',
  'sync-complete',
  'sync-error',
  'push-start',
  'push-complete',
  'push-error',
  'pull-start',
  'pull-complete',
  'pull-error',
  'conflict',
  'dead-letter',
  'key-assigned',
  'unconfirmed-create',
  'unverified-push',
  'auth-required',
  'identity-changed',
  'quarantine',
  'storage-error',
  'progress',
  'stale',
  'metrics',
  'leader-change',
  'online',
  'offline',
]

/** Everything in an error or value that anybody could print, its stack and causes included. */
function print(value: unknown, depth = 0): string {
  if (depth > 5) return ''
  if (value instanceof Error) {
    const own = Object.getOwnPropertyNames(value).map((name) => print(value[name as never], depth + 1))
    return [value.name, value.message, String(value.stack), ...own].join(' ')
  }
  try {
    return `${String(value)} ${JSON.stringify(value)}`
  } catch {
    return String(value)
  }
}

/** What servers say of a change they refuse, quoting it and the login it came with. */
const quoting: typeof failures = [
  [
    '422 that quotes',
    { status: 422, body: { message: `text "${words}" is bad`, errors: [`${words}${words}`] } },
  ],
  ['400 of a typed row', { status: 400, body: { type: 'note', title: words } }],
  ['422 that quotes at length', { status: 422, body: { message: `${'x'.repeat(985)} ${words} 1 2 3` } }],
  ['403 that quotes the login', { status: 403, body: { error: `Bearer ${token} may not` } }],
  ['500 that dumps', { status: 500, body: { error: { message: `at send(${token}, ${words})` } } }],
]

/** Failures of all kinds, one after the other, on a device whose rows and token are known. */
const failures: readonly [name: string, answer: ApiAnswer][] = [
  ['400', { status: 400, body: { error: 'bad' } }],
  ['401', { status: 401, body: {} }],
  ['403', { status: 403, body: { message: 'no' } }],
  ['404', { status: 404, body: {} }],
  ['409', { status: 409, body: { id: 'other', text: words } }],
  [
    '409 with its row',
    { status: 409, body: { error: 'conflict', current: { id: 'n0', text: words, title: words } } },
  ],
  ['412', { status: 412, body: {} }],
  ['422', { status: 422, body: { title: words, text: words } }],
  ['429', { status: 429, headers: { 'retry-after': '1' }, body: {} }],
  ['500', { status: 500, body: {} }],
  ['503', { status: 503, body: {} }],
  ['302', { status: 302, headers: { location: `https://evil.test/?${token}` } }],
  ['a login page', { status: 200, headers: { 'content-type': 'text/html' }, text: `<p>${words}${token}` }],
  [
    'half an answer',
    { status: 200, headers: { 'content-type': 'application/json' }, text: `{"text":"${words}` },
  ],
  ['another row', { status: 200, body: { id: 'zz', text: words } }],
  ['no row', { status: 200, body: [words] }],
  ['a huge answer', { status: 200, body: { text: words.repeat(1000) } }],
]

interface Watched extends Journey {
  /** All that was told to anybody: events, status, errors, console, messages between tabs. */
  readonly told: () => string
}

async function watched(config: Partial<SyncConfig> = {}): Promise<Watched> {
  const told: string[] = []
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const spy = vi
      .spyOn(console, method)
      .mockImplementation((...said) => void told.push(said.map((one) => print(one)).join(' ')))
    onTestFinished(() => spy.mockRestore())
  }
  const here = await journey({
    config: {
      auth: {
        getHeaders: () => ({ authorization: `Bearer ${token}`, 'x-api-key': token }),
        onAuthError: (error) => void told.push(print(error)),
      },
      errors: { onError: (error) => void told.push(print(error)) },
      observability: {
        enabled: true,
        metricsInterval: 30_000,
        onMetrics: (metrics) => void told.push(print(metrics)),
      },
      ...config,
    },
  })
  const bus = here.device.bus.open({}, `dexie-rest-sync:${here.db.name}`)
  bus.listen((message) => void told.push(print(message)))
  onTestFinished(() => bus.close())
  for (const name of names) here.sync.on(name, (data) => void told.push(`${name} ${print(data)}`))
  here.sync.subscribe(() => void told.push(print(here.sync.getSnapshot())))
  const noted = () => [...told, ...here.tab.warnings, ...here.tab.reports.map((one) => print(one))].join('\n')
  return { ...here, told: noted }
}

async function lived(here: Journey, rounds = [...failures, ...quoting]): Promise<void> {
  const { db, sync, backend, device, until, setOnline } = here
  const calm = () => until(sync.sync()).catch(() => undefined) // its error is among the events
  await db.notes.add({ id: 'n0', text: words })
  await calm()
  for (const [at, round] of rounds.entries()) {
    const [, answer] = round
    for (const method of ['POST', 'PATCH', 'DELETE']) backend.respondNext(2, answer, { method })
    // What a server says of a request without a row is its own: it is told as it is.
    if (!quoting.includes(round)) backend.respondNext(2, answer, { method: 'GET' })
    await db.notes.add({ id: `f${at}`, text: words })
    await db.posts.add({ title: words })
    await db.notes.update('n0', { text: at % 2 === 0 ? 'in between' : words })
    await calm()
    await device.advance(61_000)
  }
  backend.dropResponse(2, { method: 'POST' })
  await db.posts.add({ title: words, text: words })
  await device.advance(61_000)
  setOnline(false)
  await db.notes.where('id').equals('n0').delete()
  await device.advance(61_000)
  setOnline(true)
  await calm()
  backend.change('notes', 'f0', { text: `${words} of somebody` })
  await db.notes.update('f0', { text: `${words} mine` })
  await calm()
}

it('S7 no event, error, log, status, metric or message between tabs tells a token or a row', async () => {
  const here = await watched()
  await lived(here)
  const { sync } = here
  const told = here.told()
  expect(told).toContain('push-error')
  expect(told).toContain('dead-letter')
  expect(told.split('\n').filter((line) => secrets.test(line))).toEqual([])
  expect(print(await here.until(sync.healthCheck()))).not.toMatch(secrets)
  expect(print(await sync.getMetrics())).not.toMatch(secrets)
  const letters = await sync.getDeadLetters()
  expect(letters.length).toBeGreaterThan(0)
  expect(print(letters)).not.toMatch(secrets)
})

it('S7 the calls that show rows are these, and they show no token', async () => {
  const here = await watched({ conflicts: { policy: 'park' } })
  const { sync, db, backend, until } = here
  await db.notes.add({ id: 'both', text: words })
  await until(sync.sync())
  here.setOnline(false)
  await db.notes.update('both', { text: `${words} here` })
  backend.change('notes', 'both', { text: `${words} there` })
  here.setOnline(true)
  await until(sync.sync())
  here.setOnline(false)
  await db.notes.add({ id: 'last', text: words })
  const shown = { explain: await sync.explain('notes', 'last'), conflicts: await sync.conflicts.list() }
  for (const [call, value] of Object.entries(shown)) expect(print(value), call).toContain(words)
  expect(print([shown, await sync.pending()])).not.toContain(token)
  expect(print(await sync.pending()), 'pending tells keys').not.toContain(words)
})

it('S7 what functions of a route throw is told by its code and place alone', async () => {
  const boom = () => {
    throw new Error(`${words} ${token}`)
  }
  const routes = defineRoutes({
    ...blogRoutes,
    notes: {
      ...resource('/api/notes'),
      push: { create: { url: '/api/notes', body: boom }, update: { url: '/api/notes/:id', headers: boom } },
      pull: { method: 'GET', url: '/api/notes', mapResponse: boom },
    },
  })
  const here = await watched({ routes })
  await here.db.notes.add({ id: 'n', text: words })
  await here.until(here.sync.sync()).catch(() => undefined)
  await here.device.advance(60_000)
  expect(here.told()).toContain('user-code-failed')
  expect(here.told()).not.toMatch(secrets)
})

it('S8 no store of this origin holds the token, while requests wait, fail and are given up', async () => {
  const here = await watched()
  here.backend.respondNext(1, { status: 403, body: {} }, { method: 'POST' })
  here.backend.holdNext({ method: 'PATCH' })
  await here.db.notes.add({ id: 'refused', text: words })
  await here.device.until(here.sync.sync())
  await here.db.notes.add({ id: 'kept', text: words })
  await here.device.until(here.sync.sync())
  await here.db.notes.update('kept', { text: `${words} on its way` })
  await here.device.settle()
  const text = await databaseText()
  expect(text).toContain(`${words} on its way`)
  expect(text).not.toContain(token)
  await lived(here, failures.slice(0, 4))
  expect(await databaseText()).not.toContain(token)
})
