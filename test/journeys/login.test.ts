import { describe, expect, it } from 'vitest'
import { isSyncError } from '../../src/model/error'
import { createBackend } from '../support/backend'
import { eventLog, expectSameRows, journey, status } from '../support/journey'

/** A backend that takes one token, and an app that holds one. */
function guarded() {
  const login = { valid: 'first', held: 'first' as string | null, renewals: 0, checks: 0 }
  const backend = createBackend({
    guard: ({ headers }) =>
      headers.authorization === `Bearer ${login.valid}` ? undefined : { status: 401, body: {} },
  })
  const getHeaders = async () => (login.held ? { Authorization: `Bearer ${login.held}` } : null)
  return { login, backend, getHeaders }
}

const signedOut = ({ state }: { state: string }) => state === 'auth-required'

describe('validateAuth', () => {
  it('is asked once before a cycle, and a false one is mended without a request that must fail', async () => {
    const { login, backend, getHeaders } = guarded()
    const auth = {
      getHeaders,
      validateAuth: () => {
        login.checks++
        return login.held === login.valid
      },
      onAuthError: async (error: unknown) => {
        login.renewals++
        expect(isSyncError(error) && error.status).toBe(401)
        login.held = login.valid
      },
    }
    const { db, sync, until, settled } = await journey({ backend, config: { auth, sync: { interval: 0 } } })
    await settled()
    login.checks = 0
    await until(sync.sync())
    expect(login.checks).toBe(1)
    login.valid = 'second'
    const before = backend.requests.length
    await db.notes.bulkAdd(Array.from({ length: 20 }, (_, i) => ({ id: `n${i}`, text: 'x' })))
    await settled()
    const sent = backend.requests.slice(before)
    expect(login.renewals).toBe(1)
    expect(sent.filter(({ headers }) => headers.authorization !== 'Bearer second')).toEqual([])
    await expectSameRows(db, backend)
  })

  it('that stays false sends nothing, asks for a login once, and says so', async () => {
    const { login, backend, getHeaders } = guarded()
    let valid = false
    const auth = { getHeaders, validateAuth: () => valid, onAuthError: () => void login.renewals++ }
    const { db, sync, device, until, settled } = await journey({
      backend,
      config: { auth, sync: { interval: 0 } },
    })
    const heard = eventLog(sync, 'auth-required', 'dead-letter')
    await db.posts.bulkAdd([{ title: 'one' }, { title: 'two' }])
    await until(status(sync, signedOut))
    await device.advance(3_600_000)
    expect([backend.requests.length, login.renewals]).toEqual([0, 1])
    expect(heard.filter((name) => name === 'dead-letter')).toEqual([])
    valid = true
    await until(sync.sync())
    await settled()
    await expectSameRows(db, backend)
  })
})

describe('maxAuthRetries', () => {
  for (const [maxAuthRetries, renewals, arrives] of [
    [0, 0, false],
    [1, 1, false],
    [2, 2, false],
    [3, 3, true],
  ] as const)
    it(`of ${maxAuthRetries} renews ${renewals} times where the third token is the good one`, async () => {
      const { login, backend, getHeaders } = guarded()
      login.valid = 'token 3'
      const onAuthError = async () => {
        login.held = `token ${++login.renewals}`
      }
      const auth = { getHeaders, onAuthError, maxAuthRetries }
      const { sync, until } = await journey({ backend, config: { auth, sync: { interval: 0 } } })
      await until(status(sync, (now) => signedOut(now) || now.hasSynced))
      expect([login.renewals, sync.getStatus().hasSynced]).toEqual([renewals, arrives])
    })
})

describe('a missing login', () => {
  it('that comes back in another tab is noticed without a call, and without a request before', async () => {
    const { login, backend, getHeaders } = guarded()
    const { db, sync, device, until, settled } = await journey({ backend, config: { auth: { getHeaders } } })
    await settled()
    login.valid = 'second'
    await db.posts.add({ title: 'waits' })
    await until(status(sync, signedOut))
    const asked = backend.requests.length
    await device.advance(2 * 3_600_000)
    expect(backend.requests.length).toBe(asked)
    login.held = 'second'
    await device.advance(31_000)
    await settled()
    expect(sync.getStatus().state).toBe('idle')
    await expectSameRows(db, backend)
  })

  it('is asked less and less where the headers differ each time but are never right', async () => {
    const { login, backend } = guarded()
    let nonce = 0
    const auth = { getHeaders: () => ({ Authorization: `Nonce ${nonce++}` }) }
    login.valid = 'never'
    const { device } = await journey({ backend, config: { auth } })
    await device.advance(24 * 3_600_000)
    expect(backend.requests.length).toBeLessThan(80)
  })

  it('whose renewal failed for want of a connection is renewed when the connection is back', async () => {
    const { login, backend, getHeaders } = guarded()
    let broken = true
    const onAuthError = async () => {
      if (broken) throw new TypeError('Failed to fetch')
      login.held = login.valid
    }
    const here = await journey({ backend, config: { auth: { getHeaders, onAuthError } } })
    await here.settled()
    login.valid = 'second'
    await here.db.posts.add({ title: 'waits' })
    await here.until(status(here.sync, signedOut))
    broken = false
    here.tab.setOnline(false)
    here.tab.setOnline(true)
    await here.device.advance(5_000)
    await here.settled()
    await expectSameRows(here.db, backend)
  })
})

const never = () => new Promise<never>(() => {})
const boom = () => {
  throw new Error('secret-token')
}
const hostile: [string, () => unknown][] = [
  ['hangs', never],
  ['throws', boom],
  ['rejects', async () => boom()],
  ['answers a text', () => 'Bearer x'],
  ['answers a number', () => 7],
  ['answers headers that cannot be sent', () => ({ Authorization: 'a\nb' })],
]

describe('a function for the login', () => {
  for (const name of ['getHeaders', 'onAuthError', 'validateAuth'] as const)
    for (const [what, bad] of hostile) {
      // Any answer of onAuthError means "done", any truthy one of validateAuth "yes".
      if (name === 'validateAuth' && what.startsWith('answers')) continue
      it(`${name} that ${what} loses nothing and costs no more than waiting`, async () => {
        const { login, backend, getHeaders } = guarded()
        let well = true
        const guard = { getHeaders, onAuthError: async () => {}, validateAuth: () => true }
        const auth = { ...guard, [name]: () => (well ? guard[name]() : bad()) }
        const { db, sync, tab, device, until, settled } = await journey({
          backend,
          config: { auth: auth as typeof guard },
        })
        await settled()
        const heard = eventLog(sync, 'dead-letter')
        well = false
        login.valid = 'second'
        await db.posts.bulkAdd([{ title: 'one' }, { title: 'two' }])
        await device.advance(120_000)
        const asked = backend.requests.length
        await device.advance(600_000)
        expect(sync.getStatus()).toMatchObject({ state: 'auth-required', pending: 2, deadLetters: 0 })
        expect(backend.requests.length - asked).toBe(0)
        expect(JSON.stringify([sync.getStatus(), await sync.pending(), tab.warnings])).not.toContain('secret')
        well = true
        login.held = 'second'
        await until(sync.sync())
        await settled()
        expect(heard).toEqual([])
        await expectSameRows(db, backend)
      })
    }
})
