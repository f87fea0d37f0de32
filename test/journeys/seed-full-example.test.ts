import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { defineRoutes, resource, type SyncEngine, type startSync } from '../../src/index'
import { createSync } from '../../src/sync'
import { createBackend } from '../support/backend'
import { Blog } from '../support/blog'
import { fakeDevice } from '../support/fake-environment'
import { quiet } from '../support/journey'
import { typeErrors } from '../support/readme'
import { runScript } from '../support/run-script'

/** The configuration and the calls as they stand in the README of `@dexie-kit/sync`, to the letter. */
const configuration = readFileSync('test/fixtures/full-configuration.txt', 'utf8')
const calls = readFileSync('test/fixtures/api-reference.txt', 'utf8')

/** What the README takes as given. */
const given = `
import type Dexie from 'dexie'
import { type SyncEngine, startSync } from 'dexie-rest-sync'
declare const db: Dexie
declare const token: string
declare const refreshToken: () => Promise<void>
declare const id: string
export const started: SyncEngine =
`

let count = 0

/** Runs the configuration with routes in the place it leaves for them. */
async function startAsWritten() {
  const name = `full-example-${++count}`
  const state = { token: 'first', valid: 'first', refreshes: 0, metrics: 0 }
  const backend = createBackend({
    guard: ({ headers }) =>
      headers.authorization === `Bearer ${state.valid}` ? undefined : { status: 401, body: {} },
  })
  const device = fakeDevice()
  const tab = device.tab({ fetch: (request) => backend.fetch(request) })
  const db = new Blog(name)
  const start: typeof startSync = (on, config) =>
    createSync(
      on,
      { ...config, routes: defineRoutes({ posts: resource('/api/posts'), notes: resource('/api/notes') }) },
      tab,
    )
  const names = {
    db,
    startSync: start,
    console: { log: () => state.metrics++ },
    refreshToken: async () => {
      state.refreshes++
      state.token = state.valid
    },
    state,
  }
  const code = `const syncEngine = ${configuration.replace(/\btoken\}/, 'state.token}')}`
  const { syncEngine } = await runScript<{ syncEngine: SyncEngine }>(code, names, ['syncEngine'])
  onTestFinished(async () => {
    await device.until(syncEngine.stop())
    await db.delete()
  })
  const settled = async () => {
    await device.settle()
    await device.until(quiet(syncEngine))
  }
  return { backend, device, db, syncEngine, state, settled }
}

describe('the full configuration of the seed', () => {
  it('compiles under strict, and so do its calls', () => {
    expect(
      typeErrors(
        `${given}${configuration}\nexport async function calls(syncEngine: SyncEngine) {\n${calls}\n}`,
      ),
    ).toEqual([])
  }, 60_000)

  it('asks onConflict, and does what it says', async () => {
    const { backend, device, db, settled } = await startAsWritten()
    await db.notes.add({ id: 'n', text: 'base' })
    await settled()
    backend.down()
    await db.notes.update('n', { text: 'mine, and later' })
    backend.change('notes', 'n', { text: 'theirs' })
    await device.advance(1)
    backend.up()
    await device.advance(120_000)
    await settled()
    expect(await db.notes.get('n')).toMatchObject({ text: 'theirs' })
    expect(backend.rows('notes')).toMatchObject([{ text: 'theirs' }])
  })

  it('refreshes the token at a 401, and sends again', async () => {
    const { backend, db, state, settled } = await startAsWritten()
    await settled()
    state.valid = 'second'
    await db.posts.add({ title: 'after the token ran out' })
    await settled()
    expect(state.refreshes).toBe(1)
    expect(backend.rows('posts')).toHaveLength(1)
  })

  it('asks for pages of 100, and tells its metrics every 30 seconds', async () => {
    const { backend, device, state, settled } = await startAsWritten()
    await settled()
    expect(backend.asked({ method: 'GET' }).map(({ query }) => query.limit)).toContain('100')
    const before = state.metrics
    await device.advance(95_000)
    expect(state.metrics - before).toBe(3)
  })

  it('has every call of the reference, each doing what its name says', async () => {
    const { backend, device, db, syncEngine, state, settled } = await startAsWritten()
    await settled()
    await db.posts.add({ title: 'one' })
    await settled()
    backend.respondNext(1, { status: 422, body: { error: 'not today' } }, { method: 'POST' })
    await db.posts.add({ title: 'two' })
    await device.until(new Promise((resolve) => syncEngine.once('dead-letter', () => resolve(undefined))))
    const [letter] = await syncEngine.getDeadLetters()
    const running = runScript<{
      result: object
      status: object
      isOnline: boolean
      depth: number
      health: object
      deadLetters: object[]
    }>(
      // The last call of the reference's lifecycle pauses nothing: it stops, and goes on below by hand.
      calls.replace('await syncEngine.stop();', ''),
      { syncEngine, console: { log: () => state.metrics++ }, id: letter?.id },
      ['result', 'status', 'isOnline', 'depth', 'health', 'deadLetters'],
    )
    const told = await device.until(running)
    await settled()
    expect(told).toMatchObject({ isOnline: true, deadLetters: [{ table: 'posts' }] })
    expect(told.health).toHaveProperty('status')
    expect(backend.rows('posts')).toHaveLength(2)
  })
})
