import { describe, expect, it } from 'vitest'
import { defineRoutes, type SyncConfig } from '../../src/index'
import { createSync } from '../../src/sync'
import { createBackend } from '../support/backend'
import { Blog } from '../support/blog'
import { fakeDevice } from '../support/fake-environment'
import { blogRoutes, journey } from '../support/journey'
import { hostileBases, hostileUrls } from './hostile-urls'

const auth = { getHeaders: () => ({ authorization: 'Bearer secret', 'x-api-key': 'secret' }) }

/** A backend that writes down where every request went, credentials or not. */
function watchedBackend() {
  const backend = createBackend()
  const went: URL[] = []
  const fetch = (request: Request) => {
    went.push(new URL(request.url))
    return backend.fetch(request)
  }
  return { ...backend, fetch, went }
}

function opened(config: Partial<SyncConfig>): () => unknown {
  const db = new Blog('never-opened')
  return () =>
    createSync(
      db,
      { baseUrl: 'https://api.example.test', routes: blogRoutes, autoStart: false, ...config },
      fakeDevice().tab(),
    )
}

describe.each(['https://api.example.test', 'https://api.example.test/api'])('S1 under %s', (baseUrl) => {
  const prefix = new URL(baseUrl).pathname.replace(/\/$/, '')
  const isOurs = ({ origin, pathname, username, password }: URL) =>
    origin === 'https://api.example.test' &&
    (pathname === prefix || pathname.startsWith(`${prefix}/`)) &&
    username + password === ''

  it('a function for an address leads no request away, whatever it answers', async () => {
    let url = `${baseUrl}/notes`
    const backend = watchedBackend()
    const routes = defineRoutes({
      notes: {
        push: {
          create: { url: () => url },
          update: { url: () => url },
          delete: { url: () => url },
          verify: 'get',
        },
        pull: { method: 'GET', url: () => url },
        read: { url: () => url },
      },
    })
    const { db, sync, device, until } = await journey({ backend, config: { baseUrl, routes, auth } })
    expect(backend.went.length, 'the address is right at first').toBeGreaterThan(0)
    for (const hostile of hostileUrls) {
      url = hostile
      const id = `${hostileUrls.indexOf(hostile)}`
      await db.notes.add({ id, text: 'mine' })
      await until(sync.sync())
      await db.notes.update(id, { text: 'changed' })
      await until(sync.sync())
      await db.notes.delete(id)
      await until(sync.sync())
      await device.settle()
    }
    expect(backend.went.filter((one) => !isOurs(one)).map(String)).toEqual([])
    const left = await sync.getDeadLetters()
    expect(left.length, 'what could not be sent is kept for the app').toBeGreaterThan(40)
    expect(new Set(left.map(({ reason }) => reason.code))).toContain('unroutable-key')
  })

  it('a template is refused at the start, or stays', () => {
    for (const hostile of hostileUrls) {
      const routes = defineRoutes({
        notes: { push: { create: { url: hostile } }, pull: { method: 'GET', url: hostile } },
      })
      try {
        opened({ baseUrl, routes })()
      } catch (error) {
        expect(error, hostile).toMatchObject({ code: 'bad-config' })
        continue
      }
      const [, withoutQuery = ''] = /^([^?]*)/.exec(hostile) ?? []
      const stays = new URL(`${prefix}/${withoutQuery.replace(/^\//, '')}`, 'https://api.example.test')
      expect(isOurs(stays), hostile).toBe(true)
    }
  })
})

it.each(hostileBases)('S1, S21 baseUrl %j is refused', (baseUrl) => {
  expect(opened({ baseUrl })).toThrow(expect.objectContaining({ code: 'bad-config' }))
})

it.each(['http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:8080', 'https://bücher.test/v1'])(
  'S21 baseUrl %s is allowed',
  (baseUrl) => {
    expect(opened({ baseUrl })).not.toThrow()
  },
)

it('S20 cookies go to the own origin only, and no option changes that', async () => {
  const backend = createBackend()
  const modes: RequestCredentials[] = []
  const fetch = (request: Request) => {
    modes.push(request.credentials)
    return backend.fetch(request)
  }
  const { db, settled } = await journey({ backend: { ...backend, fetch } })
  await db.notes.add({ id: 'n', text: 'x' })
  await settled()
  expect(modes.length).toBeGreaterThan(1)
  expect(new Set(modes)).toEqual(new Set(['same-origin']))
})
