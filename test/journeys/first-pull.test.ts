import { describe, expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { createStore } from '../support/backend-store'
import { expectSameRows, journey } from '../support/journey'

function full(rows: number, step = 1000) {
  const backend = createBackend({ store: createStore({ step }) })
  for (let i = 0; i < rows; i++) backend.insert('posts', { title: `post ${i}` })
  return backend
}

describe('the first pull', () => {
  it('fetches all rows page by page and tells how far it is', async () => {
    const backend = full(230)
    const { db, sync, settled } = await journey({
      backend,
      config: { sync: { pull: { pageSize: 50 } } },
    })
    const done: number[] = []
    sync.on('progress', (progress) => {
      if (progress.phase === 'pull' && progress.table === 'posts') done.push(progress.done)
    })
    await settled()
    expect(await db.posts.count()).toBe(230)
    expect(sync.getStatus().hasSynced).toBe(true)
    expect(done).toEqual([...done].sort((a, b) => a - b))
    const lists = backend.asked({ method: 'GET', path: '/api/posts' })
    expect(lists.every(({ query }) => query.limit === '50')).toBe(true)
    expect(lists.length).toBeLessThan(12)
    await expectSameRows(db, backend)
  })

  it('goes on where it stopped when the page is closed in the middle', async () => {
    const backend = full(230)
    const config = { sync: { pull: { pageSize: 50 } } }
    backend.changeNext(2, (answer) => answer, { path: '/api/posts' })
    const third = backend.holdNext({ path: '/api/posts' })
    const start = await journey({ backend, config })
    await start.until(third.arrived)
    const before = await start.db.posts.count()
    expect(before).toBeGreaterThanOrEqual(50)
    expect(before).toBeLessThan(230)
    const { db, settled } = await start.reload()
    const asked = backend.requests.length
    await settled()
    const again = backend.requests.slice(asked).filter(({ path }) => path === '/api/posts')
    expect(again[0]?.query.updated_after).toBeDefined()
    expect(await db.posts.count()).toBe(230)
    await expectSameRows(db, backend)
  })

  it('passes many rows of one single time', async () => {
    const backend = full(180, 0)
    const { db, settled } = await journey({ backend, config: { sync: { pull: { pageSize: 50 } } } })
    await settled()
    expect(await db.posts.count()).toBe(180)
    await expectSameRows(db, backend)
  })

  it('keeps what was written here before it came', async () => {
    const backend = full(30)
    const { db, setOnline, settled } = await journey({ backend, online: false })
    await db.posts.add({ title: 'mine' })
    setOnline(true)
    await settled()
    expect(await db.posts.count()).toBe(31)
    await expectSameRows(db, backend)
  })

  it('asks next time only for what changed since', async () => {
    const backend = full(120)
    const { db, settled, synced } = await journey({ backend, config: { sync: { pull: { pageSize: 50 } } } })
    await settled()
    const asked = backend.requests.length
    backend.change('posts', 7, { title: 'changed' })
    await synced()
    expect((await db.posts.get(7))?.title).toBe('changed')
    const lists = backend.requests.slice(asked).filter(({ path }) => path === '/api/posts')
    expect(lists.length).toBeLessThanOrEqual(2)
    expect(lists.every(({ query }) => query.updated_after !== undefined)).toBe(true)
    await expectSameRows(db, backend)
  })

  it('leaves the outbox empty: what comes from the server is no change of this device', async () => {
    const { sync, settled } = await journey({ backend: full(60) })
    await settled()
    expect(await sync.getQueueDepth()).toBe(0)
    expect(await sync.pending()).toEqual([])
  })
})
