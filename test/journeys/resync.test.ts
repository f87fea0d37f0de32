import { describe, expect, it } from 'vitest'
import { secondTab } from '../hostile/second-tab'
import { type ApiAnswer, createBackend } from '../support/backend'
import { expectSameRows, type Journey, type JourneyOptions, journey } from '../support/journey'

const lists = { method: 'GET', path: '/api/notes' }

/** A device that holds this many notes of the server. */
async function withNotes(count: number, options: JourneyOptions = {}): Promise<Journey> {
  const backend = createBackend()
  for (let i = 0; i < count; i++) backend.insert('notes', { id: `n${i}`, text: 'x' })
  const here = await journey({ backend, ...options })
  await here.synced()
  expect(await here.db.notes.count()).toBe(count)
  return here
}

/** The server forgets a row without a word: no poll tells of it. */
const vanish = ({ backend }: Journey, ...ids: string[]) => {
  for (const id of ids) backend.store.remove('notes', id)
}

describe('resync', () => {
  it('removes what the server does not list any more, and nothing else', async () => {
    const here = await withNotes(5)
    const { db, sync, until, backend } = here
    vanish(here, 'n1', 'n3')
    await here.synced()
    expect(await db.notes.count()).toBe(5)
    const result = await until(sync.resync())
    expect(result).toMatchObject({ pulled: 2 })
    expect(result).not.toHaveProperty('reason')
    await expectSameRows(db, backend)
  })

  it('of one table asks for no other', async () => {
    const here = await withNotes(3)
    const asked = here.backend.asked({ path: '/api/posts' }).length
    vanish(here, 'n1')
    await here.until(here.sync.resync('notes'))
    expect(here.backend.asked({ path: '/api/posts' })).toHaveLength(asked)
    expect(await here.db.notes.count()).toBe(2)
  })

  it('of a table that is not synced is refused', async () => {
    const { sync } = await journey()
    await expect(sync.resync('nowhere')).rejects.toMatchObject({ code: 'unknown-table' })
  })

  it('keeps rows that wait, rows that were accepted while it went on, and rows from before sync', async () => {
    const backend = createBackend()
    for (let i = 0; i < 25; i++) backend.insert('notes', { id: `n${i}`, text: 'x' })
    const here = await journey({
      backend,
      before: async (db) => void (await db.notes.add({ id: 'old', text: 'from before' })),
    })
    await here.synced()
    const { db, sync, until } = here
    await until(sync.resync())
    expect(await db.notes.get('old')).toBeDefined()
    const held = backend.holdNext(lists) // what it lists is fixed now
    const resync = sync.resync('notes')
    await until(held.arrived)
    await db.notes.add({ id: 'accepted', text: 'meanwhile' })
    await until(sync.whenPushed('notes', 'accepted'))
    backend.respondNext(1, { status: 422 }, { method: 'POST' })
    await db.notes.add({ id: 'waits', text: 'meanwhile' })
    held.release()
    await until(resync)
    expect(await db.notes.count()).toBe(28)
  })

  it('does not take a row for vanished that was accepted lately, edits or not: replicas lag', async () => {
    const here = await withNotes(5, { config: { conflicts: { onDelete: 'edit-wins' } } })
    const { db, sync, until, backend, device } = here
    const lags = { status: 200, body: backend.store.all('notes') }
    let edited: PromiseLike<unknown> | undefined
    const meanwhile = (answer: ApiAnswer) => {
      edited = db.notes.update('new', { text: 'edited' })
      here.setOnline(false)
      return answer
    }
    backend.changeNext(1, meanwhile, { method: 'POST' })
    const sent = backend.nextRequest({ method: 'POST' })
    await db.notes.add({ id: 'new', text: 'made' })
    await until(sent)
    await edited
    await device.advance(1_000)
    expect(await sync.pending('notes')).toMatchObject([{ kind: 'update' }])
    backend.up()
    backend.respondNext(1, lags, lists)
    await until(sync.resync('notes'))
    here.setOnline(true)
    await here.settled()
    await here.synced()
    expect(backend.asked({ method: 'POST' })).toHaveLength(1)
    expect(await sync.conflicts.list()).toEqual([])
    await expectSameRows(db, backend)
  })

  it('lets a waiting edit of a vanished row meet its deletion', async () => {
    const here = await withNotes(5, { config: { conflicts: { policy: 'server-wins' } } })
    const { db, sync, until, backend } = here
    vanish(here, 'n1')
    await until(sync.pauseTable('posts')) // another table's pause is no matter
    here.setOnline(false)
    await db.notes.update('n1', { text: 'mine' })
    await db.notes.update('n2', { text: 'mine' })
    backend.up()
    await until(sync.resync('notes'))
    expect(await db.notes.get('n1')).toBeUndefined()
    expect(await sync.conflicts.list()).toMatchObject([{ key: 'n1', state: 'decided', decision: 'remote' }])
    here.setOnline(true)
    await until(sync.sync())
    await here.settled()
    await expectSameRows(db, backend, ['notes'])
  })

  it('removes nothing where the server lists nothing at all (S27)', async () => {
    const here = await withNotes(3)
    const { db, sync, until, backend } = here
    const reasons: string[] = []
    sync.on('pull-error', ({ reason }) => reasons.push(reason.code))
    backend.respondNext(1, { status: 200, body: [] }, lists)
    expect(await until(sync.resync('notes'))).toMatchObject({ reason: { code: 'mass-delete' } })
    expect(reasons).toEqual(['mass-delete'])
    expect(await db.notes.count()).toBe(3)
    await here.synced()
    expect(await db.notes.count()).toBe(3)
  })

  it('removes nothing where most rows would go (B8), unless that is allowed', async () => {
    for (const [maxDeleteRatio, left] of [
      [0.5, 40],
      [1, 10],
    ] as const) {
      const here = await withNotes(40, { config: { sync: { push: { maxDeleteRatio } } } })
      vanish(here, ...Array.from({ length: 30 }, (_, i) => `n${i}`))
      const result = await here.until(here.sync.resync('notes'))
      expect(result.reason?.code).toBe(left === 40 ? 'mass-delete' : undefined)
      expect(await here.db.notes.count()).toBe(left)
    }
  })

  it('removes nothing where a row of the list could not be read', async () => {
    const here = await withNotes(3)
    const change = (answer: { status: number; body?: unknown }) => ({
      ...answer,
      body: [...(answer.body as object[]).slice(1), { text: 'without a key' }],
    })
    here.backend.changeNext(1, change, lists)
    await here.until(here.sync.resync('notes'))
    expect(await here.db.notes.count()).toBe(3)
  })

  it('cut off in the middle goes on by itself, and sweeps once it has seen everything', async () => {
    const here = await withNotes(30, { config: { sync: { pull: { pageSize: 10 } } } })
    const { db, sync, until, backend } = here
    vanish(here, 'n1', 'n29')
    backend.respondNext(1, { status: 503 }, { path: '/api/posts' })
    const held = backend.holdNext(lists)
    const resync = sync.resync('notes')
    await until(held.arrived)
    backend.down()
    held.release()
    expect(await until(resync)).toHaveProperty('reason')
    expect(await db.notes.count()).toBe(30)
    here.setOnline(true)
    await until(sync.whenInSync())
    expect(await db.notes.count()).toBe(28)
    await expectSameRows(db, backend)
  })

  it('begins over when the leader crashes in the middle: nobody sweeps with half the list', async () => {
    const first = await withNotes(30, { config: { sync: { pull: { pageSize: 10 } } } })
    const second = await secondTab(first, { sync: { pull: { pageSize: 10 } } })
    vanish(first, 'n1')
    const { backend } = first
    backend.changeNext(1, (answer) => answer, lists) // the first page comes
    const held = backend.holdNext(lists)
    const resync = second.sync.resync('notes')
    await first.until(held.arrived)
    first.tab.crash()
    held.release()
    expect(await first.until(resync)).not.toHaveProperty('reason')
    expect(await second.db.notes.count()).toBe(29)
    await expectSameRows(second.db, backend)
  })

  it('asked for during a pause begins when that is over', async () => {
    const here = await withNotes(3)
    vanish(here, 'n1')
    await here.until(here.sync.pause())
    const asked = here.backend.requests.length
    await here.until(here.sync.resync())
    expect(here.backend.requests.length).toBe(asked)
    const again = await here.reload()
    await again.until(again.sync.resume())
    await again.until(again.sync.whenInSync())
    expect(await again.db.notes.count()).toBe(2)
  })

  it('begins by itself where the server has forgotten what changed since (410, B10)', async () => {
    const here = await withNotes(5)
    const { sync, backend, until, db } = here
    vanish(here, 'n1')
    backend.respondNext(1, { status: 410 }, lists)
    expect(await until(sync.sync())).not.toHaveProperty('reason')
    expect(await db.notes.count()).toBe(4)
    await expectSameRows(db, backend)
  })

  it('is not begun by the page of a portal, whatever its status (C10)', async () => {
    const here = await withNotes(5)
    const { sync, backend, until, db } = here
    vanish(here, 'n1')
    backend.respondNext(
      1,
      { status: 410, headers: { 'content-type': 'text/html' }, text: '<!doctype html>' },
      lists,
    )
    const before = backend.asked(lists).length
    expect(await until(sync.sync())).toMatchObject({ reason: { code: 'intercepted' } })
    await until(sync.sync())
    expect(backend.asked(lists).length - before).toBe(2)
    expect(await db.notes.count()).toBe(5)
  })

  it('of a server that says so again and again is an error, and no storm', async () => {
    const here = await withNotes(5)
    const { sync, backend, until, db, device } = here
    backend.respondNext(1_000, { status: 410 }, lists)
    const before = backend.asked(lists).length
    expect(await until(sync.sync())).toMatchObject({ reason: { status: 410 } })
    await device.advance(300_000)
    expect(backend.asked(lists).length - before).toBeLessThan(20)
    expect(await db.notes.count()).toBe(5)
  })
})
