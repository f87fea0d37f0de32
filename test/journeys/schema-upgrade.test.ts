import { describe, expect, it } from 'vitest'
import type { Row } from '../../src/index'
import { createBackend } from '../support/backend'
import { type Journey, journey, status } from '../support/journey'
import { expectSameNotes, leave, renamed, routesTwo, secondRelease } from '../support/second-release'

/** Three notes here and at the server. */
async function withNotes(): Promise<Journey> {
  const start = await journey()
  await start.db.notes.bulkAdd(['a', 'b', 'c'].map((id) => ({ id, text: `${id} of the first` })))
  await start.synced()
  return start
}

/** Offline, the first release leaves an edit, a new note and a deletion waiting. */
async function withWaiting(): Promise<Journey> {
  const start = await withNotes()
  start.setOnline(false)
  await start.db.notes.update('a', { text: 'edited offline' })
  await start.db.notes.add({ id: 'd', text: 'made offline' })
  await start.db.notes.update('d', { text: 'made and edited offline' })
  await start.db.notes.delete('c')
  await start.device.settle()
  return start
}

const changing = { method: 'POST' }

describe('a release that changes the shape of rows, with changes waiting', () => {
  it('sends every change once, in the new shape', async () => {
    const start = await withWaiting()
    await leave(start)
    const seen: unknown[] = []
    const next = await secondRelease(start, {
      migrateOutbox: (row, about) => {
        seen.push(about)
        renamed(row)
      },
    })
    start.setOnline(true)
    await next.settled()
    expect(start.backend.rows('notes').map(({ id, text }) => [id, text])).toEqual([
      ['a', 'edited offline'],
      ['b', 'b of the first'],
      ['d', 'made and edited offline'],
    ])
    await expectSameNotes(next.db, start.backend)
    expect(new Set(seen.map((about) => JSON.stringify(about)))).toEqual(
      new Set([JSON.stringify({ table: 'notes', from: 1, to: 2 })]),
    )
    expect(start.backend.asked({ method: 'PATCH' }).map(({ text }) => JSON.parse(text))).toEqual([
      { text: 'edited offline' },
    ])
    expect(start.tab.reports.concat(next.tab.reports)).toEqual([])
  })

  it('captures nothing of what the upgrade itself writes', async () => {
    const backend = createBackend()
    for (let i = 0; i < 3_000; i += 1) backend.insert('notes', { id: `n${i}`, text: 'x' })
    const start = await journey({ backend })
    await start.synced()
    await leave(start)
    const next = await secondRelease(start)
    expect(await next.sync.getQueueDepth()).toBe(0)
    await next.settled()
    expect(backend.requests.filter(({ method }) => method !== 'GET')).toEqual([])
    expect(await next.db.notes.get('n2999')).toMatchObject({ body: 'x' })
    await expectSameNotes(next.db, start.backend)
  })

  it('sends again what was sent before as it was, and what follows it in the new shape', async () => {
    const start = await withNotes()
    start.backend.dropResponse(3, changing)
    const sent = start.backend.nextRequest({ method: 'POST' })
    await start.db.notes.add({ id: 'd', text: 'sent' })
    await start.until(sent)
    await start.db.notes.update('d', { text: 'sent, then edited' })
    await leave(start)
    const next = await secondRelease(start)
    await next.settled()
    const posts = start.backend
      .asked({ method: 'POST', path: '/api/notes' })
      .filter(({ text }) => text.includes('"d"'))
    expect(posts.length).toBeGreaterThan(1)
    expect(new Set(posts.map(({ text, headers }) => `${headers['idempotency-key']} ${text}`)).size).toBe(1)
    expect(start.backend.rows('notes').find(({ id }) => id === 'd')).toMatchObject({
      text: 'sent, then edited',
    })
    await expectSameNotes(next.db, start.backend)
  })

  it('meets what others changed meanwhile as it would have without the release', async () => {
    const start = await withWaiting()
    start.backend.change('notes', 'a', { text: 'edited elsewhere', mood: 'good' })
    await leave(start)
    const next = await secondRelease(start)
    const met: (readonly string[])[] = []
    next.sync.on('conflict', ({ fields }) => met.push(fields))
    start.setOnline(true)
    await next.settled()
    expect(met).toEqual([['body']])
    expect(start.backend.rows('notes').find(({ id }) => id === 'a')).toMatchObject({
      text: 'edited offline',
      mood: 'good',
    })
    await expectSameNotes(next.db, start.backend)
  })

  it('sends changes as they are where the new release has no migrateOutbox', async () => {
    const start = await journey({ online: false })
    await start.db.posts.add({ title: 'as it was' })
    await leave(start)
    const next = await secondRelease(start, { migrateOutbox: undefined } as never)
    start.setOnline(true)
    await next.settled()
    expect(start.backend.rows('posts')).toMatchObject([{ title: 'as it was' }])
  })

  it('goes by the version the app sets, whatever that of the database', async () => {
    const start = await journey({ online: false, config: { schemaVersion: 7 } })
    await start.db.posts.add({ title: 'of the seventh' })
    await leave(start)
    const steps: unknown[] = []
    const next = await start.reload({
      schemaVersion: 9,
      migrateOutbox: (row, { from, to }) => {
        steps.push([from, to])
        return { ...row, title: `${row.title}, then of the ninth` }
      },
    })
    expect(await next.db.posts.toArray()).toMatchObject([{ title: 'of the seventh, then of the ninth' }])
    next.setOnline(true)
    await next.settled()
    expect(steps).toEqual([[7, 9]])
    expect(next.backend.rows('posts')).toMatchObject([{ title: 'of the seventh, then of the ninth' }])
  })
})

describe('a migrateOutbox that fails', () => {
  const garbage: [string, (row: Row) => unknown][] = [
    ['throws', () => Promise.reject] as never,
    ['answers null', () => null],
    ['answers a promise', async (row) => row],
    ['changes the key', (row) => ({ ...row, id: 'another' })],
    ['answers what cannot be stored', (row) => ({ ...row, body: () => 1 })],
  ]
  garbage[0]![1] = () => {
    throw new Error('a bug of the app')
  }

  it.each(garbage)(
    '%s: makes dead letters of its own rows, loses nothing, and holds nothing else up',
    async (_, fails) => {
      const start = await withWaiting()
      await leave(start)
      const next = await secondRelease(start, {
        migrateOutbox: (row) => (row.id === 'a' ? fails(row) : renamed(row)),
      })
      start.setOnline(true)
      await start.until(status(next.sync, ({ pending, state }) => pending === 0 && state === 'idle'))
      const letters = await next.sync.deadLetters.list()
      expect(letters.map(({ key, reason }) => [key, reason.code])).toEqual([['a', 'migration-failed']])
      expect(start.backend.rows('notes').map(({ id, text }) => [id, text])).toEqual([
        ['a', 'a of the first'],
        ['b', 'b of the first'],
        ['d', 'made and edited offline'],
      ])
      expect(await next.db.notes.get('a')).toMatchObject({ body: 'edited offline' })
    },
  )

  it('is asked again when the letter is retried, with mended code', async () => {
    const start = await withWaiting()
    await leave(start)
    let mended = false
    const next = await secondRelease(start, {
      migrateOutbox: (row) => {
        if (!mended) throw new Error('a bug of the app')
        renamed(row)
      },
    })
    start.setOnline(true)
    await start.until(status(next.sync, ({ pending, state }) => pending === 0 && state === 'idle'))
    const letters = await next.sync.deadLetters.list()
    expect(letters.map(({ reason }) => reason.code)).toEqual(Array(3).fill('migration-failed'))
    mended = true
    for (const { id } of letters) await start.until(next.sync.deadLetters.retry(id))
    await next.settled()
    expect(await next.sync.deadLetters.list()).toEqual([])
    expect(start.backend.rows('notes').map(({ id, text }) => [id, text])).toEqual([
      ['a', 'edited offline'],
      ['b', 'b of the first'],
      ['d', 'made and edited offline'],
    ])
    await expectSameNotes(next.db, start.backend)
  })

  it('fails once more when retried with the same code', async () => {
    const start = await withWaiting()
    await leave(start)
    const next = await secondRelease(start, {
      migrateOutbox: () => {
        throw new Error('a bug of the app')
      },
    })
    await start.until(status(next.sync, ({ deadLetters }) => deadLetters === 3))
    const [first] = await next.sync.deadLetters.list()
    await start.until(next.sync.deadLetters.retry(first!.id))
    await start.until(status(next.sync, ({ deadLetters, pending }) => deadLetters === 3 && pending === 0))
    expect((await next.sync.deadLetters.list()).map(({ id }) => id)).not.toContain(first!.id)
  })
})

describe('what is kept beside the changes', () => {
  it('is brought along: what a refused change stands on', async () => {
    const start = await withNotes()
    start.backend.respondNext(1, { status: 422, body: { error: 'no' } }, { method: 'PATCH' })
    await start.db.notes.update('a', { text: 'refused at first' })
    await start.until(status(start.sync, ({ deadLetters }) => deadLetters === 1))
    start.backend.change('notes', 'a', { text: 'edited elsewhere', mood: 'good' })
    await start.until(start.sync.sync())
    await leave(start)
    start.setOnline(false)
    const next = await secondRelease(start)
    expect((await next.sync.explain('notes', 'a')).base).toMatchObject({
      body: 'edited elsewhere',
      mood: 'good',
    })
    expect((await next.sync.explain('notes', 'a')).base).not.toHaveProperty('text')
    const [letter] = await next.sync.deadLetters.list()
    start.setOnline(true)
    await start.until(next.sync.deadLetters.retry(letter!.id))
    await next.settled()
    expect(start.backend.rows('notes')[0]).toMatchObject({ text: 'refused at first', mood: 'good' })
    await expectSameNotes(next.db, start.backend)
  })

  it('is brought along: a conflict that is parked, decided after the upgrade', async () => {
    const start = await journey({ config: { conflicts: { policy: 'park' } } })
    await start.db.notes.add({ id: 'a', text: 'a of the first' })
    await start.synced()
    start.setOnline(false)
    await start.db.notes.update('a', { text: 'mine' })
    start.backend.change('notes', 'a', { text: 'theirs', mood: 'good' })
    start.setOnline(true)
    await start.until(status(start.sync, ({ conflicts }) => conflicts === 1))
    await leave(start)
    const next = await secondRelease(start, { conflicts: { policy: 'park' } })
    const [conflict] = await next.sync.conflicts.list()
    expect(conflict).toMatchObject({
      fields: ['body'],
      base: { body: 'a of the first' },
      local: { body: 'mine' },
      remote: { body: 'theirs', mood: 'good' },
    })
    await start.until(next.sync.conflicts.resolve(conflict!.id, 'local'))
    await next.settled()
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'mine', mood: 'good' }])
    await expectSameNotes(next.db, start.backend)
  })

  it('is brought along: the row a request on its way stands for', async () => {
    const start = await withNotes()
    start.backend.dropResponse(3, { method: 'PATCH' })
    const sent = start.backend.nextRequest({ method: 'PATCH' })
    await start.db.notes.update('a', { text: 'sent' })
    await start.until(sent)
    await leave(start)
    // No page mends what the answer leaves.
    const { pull: _, ...notes } = routesTwo.notes
    const next = await secondRelease(start, { routes: { ...routesTwo, notes } })
    await start.until(status(next.sync, ({ pending }) => pending === 0))
    expect(await next.db.notes.get('a')).toEqual({
      id: 'a',
      body: 'sent',
      version: expect.any(Number),
      updated_at: expect.any(String),
    })
    const patches = start.backend.asked({ method: 'PATCH' })
    expect(new Set(patches.map(({ text, headers }) => `${headers['idempotency-key']} ${text}`)).size).toBe(1)
  })

  it('is brought along for a login that has signed out and returns', async () => {
    let user = 'ann'
    const identity = () => user
    const config = { identity, conflicts: { policy: 'park' as const } }
    const start = await journey({ config })
    await start.db.notes.add({ id: 'a', text: 'a of the first' })
    await start.synced()
    start.setOnline(false)
    await start.db.notes.update('a', { text: 'of ann, offline' })
    start.backend.change('notes', 'a', { text: 'edited elsewhere' })
    start.setOnline(true)
    await start.until(status(start.sync, ({ conflicts }) => conflicts === 1))
    await start.until(start.sync.signOut({ pending: 'keep' }))
    user = 'bob'
    await leave(start)
    const next = await secondRelease(start, config)
    await start.until(next.sync.sync())
    await start.until(next.sync.signOut())
    user = 'ann'
    await start.until(next.sync.sync())
    const [conflict] = await next.sync.conflicts.list()
    expect(conflict).toMatchObject({
      local: { body: 'of ann, offline' },
      remote: { body: 'edited elsewhere' },
    })
    await start.until(next.sync.conflicts.resolve(conflict!.id, 'local'))
    await next.settled()
    expect(start.backend.rows('notes')).toMatchObject([{ text: 'of ann, offline' }])
    await expectSameNotes(next.db, start.backend)
  })
})
