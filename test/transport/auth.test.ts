import { describe, expect, it } from 'vitest'
import { type AuthOptions, createAuth } from '../../src/transport/auth'
import { deviceTurn } from '../../src/transport/device-turn'
import { createHttp } from '../../src/transport/http'
import { fakeDevice } from '../support/fake-environment'
import { type FakeWorld, fakeWorld, json, never, settle } from './fake-world'

const get = { method: 'GET', url: '/posts' }

function httpIn(world: FakeWorld, auth: AuthOptions) {
  return createHttp({ baseUrl: 'https://api.test', env: world, auth: createAuth(auth, world) })
}

/** A server that knows one token. */
function guarded(valid: () => string) {
  return (request: Request) => json({}, request.headers.get('authorization') === valid() ? 200 : 401)
}

describe('a login that has run out', () => {
  it('is renewed once for fifty requests, each of which is sent again', async () => {
    let token = 'old'
    let renewals = 0
    const world = fakeWorld(guarded(() => 'new'))
    const http = httpIn(world, {
      getHeaders: () => ({ authorization: token }),
      onAuthError: async (error) => {
        expect(error.status).toBe(401)
        renewals++
        await settle()
        token = 'new'
      },
    })
    const ask = () => http.exchange(get, new AbortController().signal)
    const answers = await Promise.all(Array.from({ length: 50 }, ask))
    expect(answers.every((answer) => answer.kind === 'answered' && answer.status === 200)).toBe(true)
    expect([renewals, world.requests.length]).toEqual([1, 100])
  })

  it('is not renewed again for a 401 that comes late', async () => {
    let token = 'old'
    let renewals = 0
    let release = () => {}
    const late = new Promise<void>((resolve) => {
      release = resolve
    })
    const world = fakeWorld(async (request) => {
      if (request.url.endsWith('/slow') && request.headers.get('authorization') === 'old') await late
      return guarded(() => 'new')(request)
    })
    const http = httpIn(world, {
      getHeaders: () => ({ authorization: token }),
      onAuthError: () => {
        renewals++
        token = 'new'
      },
    })
    const slow = http.exchange({ ...get, url: '/slow' }, never)
    await http.exchange(get, never)
    release()
    expect(await slow).toMatchObject({ status: 200 })
    expect(renewals).toBe(1)
  })

  it('is told once for all when it cannot be renewed', async () => {
    let renewals = 0
    const world = fakeWorld(() => json({}, 401))
    const http = httpIn(world, {
      onAuthError: () => {
        renewals++
        return Promise.reject(new Error('refused'))
      },
    })
    const answers = await Promise.all([http.exchange(get, never), http.exchange(get, never)])
    expect(answers).toEqual([{ kind: 'auth-required' }, { kind: 'auth-required' }])
    expect([renewals, world.requests.length]).toEqual([1, 2])
  })

  it('is not asked about for ever: a second 401 ends it', async () => {
    const world = fakeWorld(() => json({}, 401))
    const http = httpIn(world, { onAuthError: () => {} })
    expect(await http.exchange(get, never)).toEqual({ kind: 'auth-required' })
    expect(world.requests).toHaveLength(2)
  })

  it('may be renewed as often as maxAuthRetries says', async () => {
    const world = fakeWorld(() => json({}, 401))
    await httpIn(world, { onAuthError: () => {}, maxAuthRetries: 3 }).exchange(get, never)
    expect(world.requests).toHaveLength(4)
  })

  it('is given up when renewing hangs', async () => {
    const world = fakeWorld(() => json({}, 401))
    const answer = httpIn(world, { onAuthError: () => new Promise(() => {}) }).exchange(get, never)
    await world.pass(15_000)
    expect(await answer).toEqual({ kind: 'auth-required' })
    expect(world.timers()).toBe(0)
  })

  it('leaves no timer behind when everybody who waits for it has stopped', async () => {
    const world = fakeWorld(() => json({}, 401))
    const stop = new AbortController()
    const answer = httpIn(world, { onAuthError: () => new Promise(() => {}) }).exchange(get, stop.signal)
    await settle()
    stop.abort()
    await answer
    await settle()
    expect(world.timers()).toBe(0)
  })

  it('without a way to renew it, is tried again only where the headers have changed by themselves', async () => {
    const tokens = ['old', 'new']
    const changing = fakeWorld(guarded(() => 'new'))
    const getHeaders = () => ({ authorization: tokens.shift() ?? 'new' })
    expect(await httpIn(changing, { getHeaders }).exchange(get, never)).toMatchObject({ status: 200 })

    const same = fakeWorld(() => json({}, 401))
    const fixed = httpIn(same, { getHeaders: () => ({ authorization: 'old' }) })
    expect(await fixed.exchange(get, never)).toEqual({ kind: 'auth-required' })
    expect(same.requests).toHaveLength(1)
  })
})

describe('getHeaders', () => {
  it.each([
    ['answers null', () => null],
    [
      'throws',
      () => {
        throw new Error('no token')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no token'))],
    ['answers garbage', () => 'Bearer x' as never],
    ['answers what no header can hold', () => ({ authorization: 'a\nb' })],
  ])('that %s means no login, and nothing is sent', async (_, getHeaders) => {
    const world = fakeWorld()
    expect(await httpIn(world, { getHeaders }).exchange(get, never)).toEqual({ kind: 'auth-required' })
    expect(world.requests).toHaveLength(0)
  })

  it('that hangs means no login', async () => {
    const world = fakeWorld()
    const answer = httpIn(world, { getHeaders: () => new Promise(() => {}) }).exchange(get, never)
    await world.pass(15_000)
    expect(await answer).toEqual({ kind: 'auth-required' })
  })

  it('may answer a Headers object', async () => {
    const world = fakeWorld()
    const getHeaders = () => new Headers({ authorization: 'a' }) as never
    await httpIn(world, { getHeaders }).exchange(get, never)
    expect(world.requests[0]?.headers.get('authorization')).toBe('a')
  })
})

describe('a renewal in two tabs of a device', () => {
  it('happens once: who waited for the other takes over what it brought', async () => {
    const device = fakeDevice()
    let token = 'old'
    let renewals = 0
    let finish = () => {}
    const fetch = async (request: Request) => guarded(() => 'new')(request)
    const options: AuthOptions = {
      getHeaders: () => ({ authorization: token }),
      onAuthError: async () => {
        renewals++
        await new Promise<void>((resolve) => {
          finish = resolve
        })
        token = 'new'
      },
    }
    const ask = () => {
      const tab = device.tab({ fetch })
      const auth = createAuth(options, tab, deviceTurn(tab, 'login'))
      return createHttp({ baseUrl: 'https://api.test', env: tab, auth }).exchange(get, never)
    }
    const answers = [ask(), ask()]
    await device.settle()
    expect(renewals).toBe(1)
    finish()
    expect(await device.until(Promise.all(answers))).toMatchObject([{ status: 200 }, { status: 200 }])
    expect(renewals).toBe(1)
    device.expectNothingLeft()
  })

  it('is not waited for for ever: a tab that sleeps in the middle of it is overtaken', async () => {
    const device = fakeDevice()
    let token = 'old'
    const fetch = async (request: Request) => guarded(() => 'new')(request)
    const http = (onAuthError: () => unknown) => {
      const tab = device.tab({ fetch })
      const auth = createAuth(
        { getHeaders: () => ({ authorization: token }), onAuthError },
        tab,
        deviceTurn(tab, 'login'),
      )
      return { tab, http: createHttp({ baseUrl: 'https://api.test', env: tab, auth }) }
    }
    const asleep = http(() => new Promise(() => {}))
    void asleep.http.exchange(get, never)
    await device.settle()
    asleep.tab.freeze()
    const awake = http(() => {
      token = 'new'
    })
    expect(await device.until(awake.http.exchange(get, never))).toMatchObject({ status: 200 })
  })
})
