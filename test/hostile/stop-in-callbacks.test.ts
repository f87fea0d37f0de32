import { liveQuery } from 'dexie'
import { describe, expect, it } from 'vitest'
import { defineRoutes, resource, type SyncConfig, type SyncEngine, type SyncEventName } from '../../src/index'
import { nothingOpen } from '../support/fake-environment'
import { blogRoutes, expectSameRows, type Journey, journey, quiet } from '../support/journey'
import { secondTab } from './second-tab'

/** What the app does from inside a call of the engine, once: it waits for it there. */
class Inside {
  engine: SyncEngine | undefined
  readonly results: unknown[] = []
  #act: ((sync: SyncEngine) => Promise<unknown>) | undefined

  arm(act: (sync: SyncEngine) => Promise<unknown>): void {
    this.#act = act
  }

  get acted(): boolean {
    return this.results.length > 0
  }

  run = async (): Promise<void> => {
    const act = this.#act
    this.#act = undefined
    if (!act || !this.engine) return
    this.results.push('begun')
    try {
      await act(this.engine)
      this.results.push('done')
    } catch (error) {
      this.results.push(error)
    }
  }
}

/** Where an app is called by the engine. Each sets the hook up, and says what sets it off. */
const places: Record<
  string,
  (inside: Inside) => { config?: Partial<SyncConfig>; ready?: (here: Journey) => void }
> = {
  getHeaders: ({ run }) => ({
    config: {
      auth: {
        async getHeaders() {
          await run()
          return {}
        },
      },
    },
  }),
  mapResponse: ({ run }) => ({
    config: {
      routes: defineRoutes({
        posts: resource('/api/posts'),
        notes: {
          ...resource('/api/notes'),
          pull: {
            method: 'GET',
            url: '/api/notes',
            async mapResponse() {
              await run()
              return []
            },
          },
        } as never,
      }),
    },
  }),
  body: ({ run }) => ({
    config: {
      routes: defineRoutes({
        posts: {
          push: {
            create: {
              method: 'POST',
              url: '/api/posts',
              body: (post: object) => {
                void run()
                return post
              },
            },
          },
          pull: resource('/api/posts').pull,
        } as never,
        notes: resource('/api/notes'),
      }),
    },
  }),
  onConflict: ({ run }) => ({
    config: {
      conflicts: {
        async onConflict() {
          await run()
          return 'local' as const
        },
      },
    },
  }),
  onAuthError: ({ run }) => ({
    config: { auth: { getHeaders: () => ({}), onAuthError: run } },
    ready: ({ backend }) => backend.respondNext(1, { status: 401 }, { method: 'POST', path: '/api/posts' }),
  }),
  onError: ({ run }) => ({
    config: { errors: { onError: run } },
    // A listener that throws is reported.
    ready: ({ sync }) =>
      sync.on('sync-start', () => {
        throw new Error('of the app')
      }),
  }),
  subscribe: ({ run }) => ({ ready: ({ sync }) => sync.subscribe(() => void run()) }),
  liveQuery: ({ run }) => ({
    ready: ({ db }) => {
      liveQuery(() => db.notes.toArray()).subscribe(() => void run())
    },
  }),
}

const events: SyncEventName[] = [
  ...(['sync-start', 'sync-complete', 'push-start', 'push-complete', 'pull-start', 'pull-complete'] as const),
  ...(['key-assigned', 'leader-change', 'dead-letter'] as const),
]
for (const name of events)
  places[`a listener of ${name}`] = ({ run }) => ({ ready: ({ sync }) => sync.on(name, run) })

/** Something of everything happens. */
async function stir({ db, backend, sync, device }: Journey): Promise<void> {
  backend.respondNext(1, { status: 422, body: { message: 'no' } }, { method: 'POST', path: '/api/notes' })
  backend.insert('notes', { id: 'elsewhere', text: 'x' })
  backend.change('notes', 'shared', { text: 'theirs' })
  await db.posts.add({ title: 'first' })
  await db.notes.update('shared', { text: 'mine' })
  await db.notes.add({ id: 'refused', text: 'x' })
  sync.sync().catch(() => undefined)
  for (let step = 0; step < 40; step++) await device.advance(250)
}

async function beginAnew(here: Journey): Promise<void> {
  const { sync, until, db, backend } = here
  await until(sync.start())
  for (const { id } of await sync.deadLetters.list()) await sync.deadLetters.retry(id)
  await until(sync.sync())
  await until(quiet(sync))
  expect(backend.rows('posts')).toHaveLength(1)
  await expectSameRows(db, backend, ['posts'])
}

describe.each(Object.entries(places))('from inside %s', (name, place) => {
  async function world() {
    const inside = new Inside()
    const { config = {}, ready } = place(inside)
    const here = await journey({ config: { ...config, sync: { interval: 5_000 } } })
    here.backend.insert('notes', { id: 'shared', text: 'ours' })
    await here.synced()
    inside.engine = here.sync
    ready?.(here)
    return { here, inside }
  }

  it('stop() ends everything, though it is waited for there', async () => {
    const { here, inside } = await world()
    const { tab, sync } = here
    inside.arm((engine) => engine.stop())
    if (name === 'a listener of leader-change') {
      void sync.stop()
      void sync.start()
    }
    await stir(here)
    expect(inside.results).toEqual(['begun', 'done'])
    expect(sync.getStatus().state).toBe('stopped')
    expect(tab.open()).toEqual(nothingOpen)
    await beginAnew(here)
  })

  it('stop() and start() at once leave one engine that works', async () => {
    const { here, inside } = await world()
    const { sync } = here
    inside.arm((engine) => {
      void engine.stop()
      return engine.start()
    })
    if (name === 'a listener of leader-change') {
      void sync.stop()
      void sync.start()
    }
    await stir(here)
    expect(inside.results).toEqual(['begun', 'done'])
    await beginAnew(here)
    await here.until(sync.stop())
    expect(here.tab.open()).toEqual(nothingOpen)
  })

  it('pause() and resume() without waiting, and a write, harm nothing', async () => {
    const { here, inside } = await world()
    inside.arm(async (engine) => {
      engine.pause().catch(() => undefined)
      engine.resume().catch(() => undefined)
      await here.db.notes.put({ id: 'inside', text: 'from inside' })
    })
    await stir(here)
    if (name !== 'a listener of leader-change') expect(inside.acted).toBe(true)
    await beginAnew(here)
    if (inside.acted) expect(here.backend.rows('notes').map(({ id }) => id)).toContain('inside')
  })
})

describe('a leader that stops inside its own callback', () => {
  it('hands over: the other tab leads, and what was asked of it there is done', async () => {
    const here = await journey({ config: { routes: blogRoutes } })
    const { sync, until, device, backend, settled } = here
    await settled()
    const other = await secondTab(here)
    expect(sync.isLeader()).toBe(true)
    let stopped: Promise<void> | undefined
    sync.once('pull-start', () => {
      stopped = sync.stop()
    })
    await other.db.posts.add({ title: 'by the other' })
    await until(other.sync.sync())
    await until(stopped!)
    expect(other.sync.isLeader()).toBe(true)
    await until(quiet(other.sync))
    expect(backend.rows('posts')).toHaveLength(1)
    await until(other.sync.stop())
    device.expectNothingLeft()
  })

  it('and a follower that stops while its call is with the leader is answered, and leaves nothing', async () => {
    const here = await journey()
    const { backend, until, settled } = here
    await settled()
    const other = await secondTab(here)
    const held = backend.holdNext({ method: 'GET' })
    const asked = other.sync.sync()
    await until(held.arrived)
    const stopped = other.sync.stop()
    await expect(until(asked)).rejects.toMatchObject({ code: 'stopped' })
    await until(stopped)
    expect(other.tab.open()).toEqual(nothingOpen)
    held.release()
    await settled()
  })
})
