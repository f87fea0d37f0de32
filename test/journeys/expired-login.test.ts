import { describe, expect, it } from 'vitest'
import { secondTab } from '../hostile/second-tab'
import { createBackend } from '../support/backend'
import { eventLog, expectSameRows, journey, status } from '../support/journey'

/** A backend that takes one token, and an app that can fetch a new one. */
function login() {
  const state = { valid: 'first', held: 'first', refreshes: 0 }
  const backend = createBackend({
    guard: ({ headers }) =>
      headers.authorization === `Bearer ${state.valid}` ? undefined : { status: 401, body: {} },
  })
  const getHeaders = async () => ({ Authorization: `Bearer ${state.held}` })
  const refresh = async () => {
    state.refreshes++
    state.held = state.valid
  }
  return { state, backend, getHeaders, refresh }
}

describe('a login that expires', () => {
  it('is renewed once for 20 requests in flight, and each goes through once', async () => {
    const { state, backend, getHeaders, refresh } = login()
    const auth = { getHeaders, onAuthError: refresh }
    const { db, settled } = await journey({ backend, config: { auth, sync: { push: { concurrency: 20 } } } })
    await settled()
    state.valid = 'second'
    await db.notes.bulkAdd(Array.from({ length: 20 }, (_, i) => ({ id: `n${i}`, text: 'x' })))
    await settled()
    expect(state.refreshes).toBe(1)
    expect(backend.rows('notes')).toHaveLength(20)
    await expectSameRows(db, backend)
  })

  it('keeps everything and says so when it cannot be renewed; a new login lets it all go', async () => {
    const { state, backend, getHeaders } = login()
    const auth = { getHeaders, onAuthError: async () => {} }
    const { db, sync, until, device, settled } = await journey({ backend, config: { auth } })
    await settled()
    const heard = eventLog(sync, 'auth-required', 'dead-letter')
    state.valid = 'second'
    await db.posts.bulkAdd([{ title: 'one' }, { title: 'two' }])
    await until(status(sync, ({ state: now }) => now === 'auth-required'))
    const asked = backend.requests.length
    await device.advance(2 * 3_600_000)
    expect(backend.requests.length - asked).toBeLessThan(5)
    expect(sync.getStatus()).toMatchObject({ state: 'auth-required', pending: 2, deadLetters: 0 })
    expect(await db.posts.count()).toBe(2)
    expect(new Set(heard)).toEqual(new Set(['auth-required']))

    state.held = 'second'
    await until(sync.sync())
    await settled()
    expect(backend.rows('posts')).toHaveLength(2)
    await expectSameRows(db, backend)
  })

  it('started anew for and stopped before the answer is no error of anybody', async () => {
    const { state, backend, getHeaders } = login()
    const told: unknown[] = []
    let asked = () => {}
    let answer: Promise<void> | undefined
    const auth = {
      getHeaders: async () => {
        asked()
        await answer
        return getHeaders()
      },
      onAuthError: async () => {},
    }
    const errors = { onError: (error: unknown) => void told.push(error) }
    const { db, sync, until, settled } = await journey({ backend, config: { auth, errors } })
    await settled()
    state.valid = 'second'
    await db.posts.add({ title: 'one' })
    await until(status(sync, ({ state: now }) => now === 'auth-required'))
    const before = told.length
    const reached = new Promise<void>((resolve) => {
      asked = resolve
    })
    let release = () => {}
    answer = new Promise((resolve) => {
      release = resolve
    })
    await until(sync.start())
    await until(reached)
    const stopped = sync.stop()
    release()
    await until(stopped)
    expect(told.slice(before)).toEqual([])
  })

  it('is waited for in silence where nobody has logged in yet', async () => {
    const { state, backend } = login()
    let user: string | null = null
    const auth = { getHeaders: async () => (user ? { Authorization: `Bearer ${user}` } : null) }
    const { db, sync, tab, device, until, settled } = await journey({ backend, config: { auth } })
    await db.posts.add({ title: 'before login' })
    await device.advance(600_000)
    expect(sync.getStatus().state).toBe('auth-required')
    expect(backend.requests).toEqual([])
    expect(tab.reports).toEqual([])
    user = state.valid
    await until(sync.sync())
    await settled()
    expect(backend.rows('posts')).toMatchObject([{ title: 'before login' }])
  })

  it('that is refreshed but still refused asks only a few times', async () => {
    const { state, backend, getHeaders } = login()
    let refreshes = 0
    const onAuthError = async () => {
      refreshes++
    }
    const { db, sync, until, settled } = await journey({
      backend,
      config: { auth: { getHeaders, onAuthError, maxAuthRetries: 3 } },
    })
    await settled()
    state.valid = 'second'
    await db.posts.add({ title: 'waits' })
    await until(status(sync, ({ state: now }) => now === 'auth-required'))
    expect(refreshes).toBeLessThanOrEqual(3)
    expect(backend.asked({ method: 'POST' }).length).toBeLessThanOrEqual(4)
  })
})

describe('a login that expires while tabs change', () => {
  it('is renewed again by the next leader, and every change goes through once', async () => {
    const { state, backend, getHeaders } = login()
    let renewals = 0
    const config = {
      auth: {
        getHeaders,
        onAuthError: async () => {
          // The first renewal dies with its tab.
          if (++renewals === 1) await new Promise(() => {})
          state.held = state.valid
        },
      },
    }
    const first = await journey({ backend, config })
    await first.settled()
    const next = await secondTab(first, config)
    state.valid = 'second'
    await first.db.notes.bulkAdd(Array.from({ length: 20 }, (_, i) => ({ id: `n${i}`, text: 'x' })))
    await first.device.advance(1_000)
    expect(renewals).toBe(1)
    await first.until(first.sync.stop())
    await first.device.advance(60_000)
    expect([next.sync.isLeader(), renewals]).toEqual([true, 2])
    expect(backend.rows('notes')).toHaveLength(20)
    await expectSameRows(next.db, backend)
  })

  it('is renewed by the tab that takes over from one that fell asleep in the middle of it', async () => {
    const { state, backend, getHeaders } = login()
    let renewals = 0
    const config = {
      auth: {
        getHeaders,
        onAuthError: async () => {
          if (++renewals === 1) await new Promise(() => {})
          state.held = state.valid
        },
      },
    }
    const first = await journey({ backend, config })
    await first.settled()
    const next = await secondTab(first, config)
    state.valid = 'second'
    await first.db.notes.add({ id: 'n', text: 'x' })
    await first.device.advance(1_000)
    first.tab.freeze()
    await next.db.notes.add({ id: 'm', text: 'y' })
    await first.device.advance(120_000)
    expect(next.sync.isLeader()).toBe(true)
    expect(backend.rows('notes')).toHaveLength(2)
    first.tab.thaw()
    await first.device.advance(60_000)
    expect([first.sync.isLeader(), next.sync.isLeader()].filter(Boolean)).toHaveLength(1)
    await expectSameRows(next.db, backend)
  })
})

describe('a storm of refusals', () => {
  it('of fifty requests at once costs one renewal and one more request each (C8)', async () => {
    const { state, backend, getHeaders, refresh } = login()
    const config = { auth: { getHeaders, onAuthError: refresh }, sync: { push: { concurrency: 50 } } }
    const { db, settled } = await journey({ backend, config })
    await settled()
    state.valid = 'second'
    const asked = backend.requests.length
    await db.notes.bulkAdd(Array.from({ length: 50 }, (_, i) => ({ id: `n${i}`, text: 'x' })))
    await settled()
    const refused = backend.requests
      .slice(asked)
      .filter(({ headers }) => headers.authorization === 'Bearer first')
    expect(state.refreshes).toBe(1)
    expect(backend.asked({ method: 'POST' }).length).toBe(50 + refused.length)
    expect(refused.length).toBeLessThanOrEqual(50)
    expect(backend.rows('notes')).toHaveLength(50)
  })

  // A day has many heartbeats.
  it('is no loop where the renewal brings the same refused token', { timeout: 120_000 }, async () => {
    const { state, backend, getHeaders } = login()
    const { db, sync, device } = await journey({
      backend,
      config: { auth: { getHeaders, onAuthError: () => void state.refreshes++ } },
    })
    await device.advance(1_000)
    state.valid = 'second'
    await db.notes.bulkAdd(Array.from({ length: 5 }, (_, i) => ({ id: `n${i}`, text: 'x' })))
    await device.advance(30_000)
    const asked = backend.requests.length
    await device.advance(24 * 3_600_000)
    expect([backend.requests.length - asked, state.refreshes]).toEqual([0, 1])
    expect(sync.getStatus()).toMatchObject({ state: 'auth-required', pending: 5 })
  })
})
