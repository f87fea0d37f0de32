import { describe, expect, it } from 'vitest'
import { defineRoutes } from '../../src/index'
import { createBackend } from '../support/backend'
import type { ApiAnswer } from '../support/backend-semantics'
import { blogRoutes, eventLog, expectSameRows, journey } from '../support/journey'

const json = (text: string): ApiAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  text,
})
const list = { method: 'GET', path: '/api/notes' }

/** Three notes here and at the server. */
async function withNotes() {
  const start = await journey()
  await start.db.notes.bulkAdd(['a', 'b', 'c'].map((id) => ({ id, text: id })))
  await start.settled()
  return start
}

const garbage: [string, ApiAnswer][] = [
  ['a login page', { status: 200, headers: { 'content-type': 'text/html' }, text: '<title>Log in</title>' }],
  ['a login page that calls itself JSON', json('<!doctype html><title>Log in</title>')],
  ['nothing', { status: 200 }],
  ['no content', { status: 204 }],
  ['half an answer', json('{"data":[{"id":"a","te')],
  ['null', json('null')],
  ['a number', json('42')],
  ['text', json('"ok"')],
  ['an object without rows', json('{"ok":true}')],
  ['rows that are an object', json('{"data":{"a":1}}')],
  ['an error', json('{"error":"quota"}')],
]

describe('an answer to a pull that is', () => {
  it.each(garbage)('%s deletes nothing, is no page, and the next good one is taken', async (_, answer) => {
    const { db, sync, backend, device, until, synced } = await withNotes()
    backend.respondNext(2, answer, list)
    await until(sync.pull())
    await device.settle()
    expect(await db.notes.count()).toBe(3)
    backend.change('notes', 'a', { text: 'changed' })
    await synced()
    await synced()
    expect((await db.notes.get('a'))?.text).toBe('changed')
    await expectSameRows(db, backend)
  })

  it('a page with one bad row takes the other 99 and sets it aside', async () => {
    const { db, sync, backend, synced } = await journey()
    const heard = eventLog(sync, 'quarantine')
    const rows: unknown[] = Array.from({ length: 99 }, (_, i) => ({
      id: `n${i}`,
      text: 'x',
      updated_at: '2030-01-01T00:00:00.000Z',
    }))
    rows.splice(50, 0, { text: 'no key', updated_at: '2030-01-01T00:00:00.000Z' })
    backend.respondNext(1, { status: 200, body: { data: rows } }, list)
    await synced()
    expect(await db.notes.count()).toBe(99)
    expect(heard.length).toBeGreaterThan(0)
  })

  it('rows that are no rows are set aside one by one', async () => {
    const { db, backend, synced } = await journey()
    const updated_at = '2030-01-01T00:00:00.000Z'
    const data = [
      null,
      7,
      'row',
      [],
      { id: {} },
      { id: null },
      { id: true },
      { id: 'ok', text: 'x', updated_at },
    ]
    backend.respondNext(1, { status: 200, body: { data } }, list)
    await synced()
    expect((await db.notes.toArray()).map(({ id }) => id)).toEqual(['ok'])
  })

  it('the same row twice is taken as it stands last', async () => {
    const { db, backend, synced } = await journey()
    const row = (text: string) => ({ id: 'n', text, updated_at: '2030-01-01T00:00:00.000Z' })
    backend.respondNext(1, { status: 200, body: { data: [row('first'), row('last')] } }, list)
    await synced()
    expect((await db.notes.get('n'))?.text).toBe('last')
  })

  it('a full page under the same cursor for ever ends in an error, not in a loop', async () => {
    const routes = defineRoutes({
      ...blogRoutes,
      notes: { pull: { method: 'GET', url: '/api/notes', checkpoint: { type: 'cursor' } } },
    })
    const { sync, backend, device, until } = await journey({ config: { routes } })
    const body = { data: [{ id: 'a', text: 'x' }], cursor: 'again', hasMore: true }
    backend.respondNext(100_000, { status: 200, body }, list)
    const failed: string[] = []
    sync.on('pull-error', ({ reason }) => failed.push(reason.code))
    await until(sync.pull())
    await device.advance(60_000)
    expect(failed).toContain('cursor-stuck')
    expect(backend.asked(list).length).toBeLessThan(60)
  })

  it('cursors that go round in a circle ends in an error, not in a loop', async () => {
    const routes = defineRoutes({
      ...blogRoutes,
      notes: { pull: { method: 'GET', url: '/api/notes', checkpoint: { type: 'cursor' } } },
    })
    const { sync, backend, device, until } = await journey({ config: { routes } })
    for (let i = 0; i < 500; i++) {
      const body = { data: [{ id: 'a', text: `${i}` }], cursor: i % 2 === 0 ? 'A' : 'B', hasMore: true }
      backend.respondNext(1, { status: 200, body }, list)
    }
    await until(sync.pull())
    await device.advance(60_000)
    expect(backend.asked(list).length).toBeLessThan(60)
  })

  it('pages that are empty but always promise more are not asked for in a hot loop', async () => {
    const routes = defineRoutes({
      ...blogRoutes,
      notes: {
        pull: {
          method: 'GET',
          url: '/api/notes',
          mapResponse: () => ({ rows: [], deleted: [], checkpoint: 'same', hasMore: true }),
          checkpoint: { type: 'cursor', param: 'cursor' },
        },
      },
    })
    const { backend, device, sync, until } = await journey({ config: { routes } })
    await until(sync.pull())
    await device.advance(60_000)
    expect(backend.asked(list).length).toBeLessThan(60)
  })

  it('a mapResponse that throws holds its own table back and no other', async () => {
    const routes = defineRoutes({
      ...blogRoutes,
      notes: {
        pull: {
          method: 'GET',
          url: '/api/notes',
          mapResponse: () => {
            throw new Error('a bug of the app')
          },
        },
      },
    })
    const { db, sync, backend, until } = await journey({ config: { routes } })
    const failed: string[] = []
    sync.on('pull-error', ({ reason }) => failed.push(reason.code))
    backend.insert('posts', { title: 'other table' })
    await until(sync.sync())
    expect(failed).toContain('user-code-failed')
    expect(await db.posts.count()).toBe(1)
  })
})

describe('an answer to a change that is', () => {
  it.each(garbage.filter(([name]) => /login|half/.test(name)))(
    '%s is no acknowledgement, and no dead letter',
    async (_, answer) => {
      const { db, sync, backend, settled } = await journey()
      await settled()
      backend.respondNext(2, answer, { method: 'POST' })
      await db.notes.add({ id: 'n', text: 'x' })
      await settled()
      expect(backend.rows('notes')).toHaveLength(1)
      expect(await sync.getDeadLetters()).toEqual([])
      await expectSameRows(db, backend)
    },
  )

  it.each([204, 200])('nothing at all with status %i is an acknowledgement', async (status) => {
    const { db, backend, settled, synced } = await withNotes()
    backend.changeNext(1, () => ({ status }), { method: 'PATCH' })
    await db.notes.update('a', { text: 'changed' })
    await settled()
    expect(backend.asked({ method: 'PATCH' })).toHaveLength(1)
    await synced()
    expect((await db.notes.get('a'))?.text).toBe('changed')
    await expectSameRows(db, backend)
  })

  it('cut anywhere leaves one row', async () => {
    for (const length of [1, 12, 30]) {
      const { db, backend, settled } = await journey()
      backend.changeNext(
        1,
        ({ status, body }) => ({ ...json(JSON.stringify(body).slice(0, length)), status }),
        { method: 'POST' },
      )
      await db.posts.add({ title: 'once' })
      await settled()
      expect(backend.rows('posts'), `cut after ${length}`).toHaveLength(1)
      await expectSameRows(db, backend)
    }
  })

  it('about another row is not believed', async () => {
    const { db, backend, sync, device } = await withNotes()
    backend.respondNext(1, { status: 200, body: { id: 'b', text: 'not yours' } }, { method: 'PATCH' })
    await db.notes.update('a', { text: 'changed' })
    await device.advance(600_000)
    expect((await db.notes.get('b'))?.text).toBe('b')
    expect((await db.notes.get('a'))?.text).toBe('changed')
    expect(await sync.getDeadLetters()).toEqual([])
  })

  it('a created row without its key is not lost', async () => {
    const backend = createBackend()
    backend.respondNext(1, { status: 201, body: { ok: true } }, { method: 'POST' })
    const { db, sync, device } = await journey({ backend })
    await db.posts.add({ title: 'nameless' })
    await device.advance(60_000)
    expect(await db.posts.count()).toBe(1)
    const { pending, deadLetters, conflicts } = sync.getStatus()
    expect(pending + deadLetters + conflicts > 0 || backend.rows('posts').length === 1).toBe(true)
  })
})
