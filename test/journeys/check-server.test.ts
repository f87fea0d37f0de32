import { describe, expect, it } from 'vitest'
import { createBackend } from '../support/backend'
import { blogRoutes, type Journey, type JourneyOptions, journey } from '../support/journey'
import { pastSync } from '../support/past-sync'

/** Two notes and a post of the server, all on this device. */
async function synced(options: JourneyOptions = {}): Promise<Journey> {
  const backend = createBackend()
  backend.insert('notes', { id: 'n', text: 'theirs' })
  backend.insert('notes', { id: 'm', text: 'theirs too' })
  backend.insert('posts', { id: 1, title: 'first' })
  const here = await journey({ backend, ...options })
  await here.synced()
  return here
}

function compared({ sync, until }: Journey, rows = false) {
  return until(sync.check(undefined, { server: true, rows }))
}

async function smuggle(here: Journey, id: string, text: string): Promise<void> {
  const row = { ...(await here.db.notes.get(id)), id, text }
  await pastSync(here.db.name, 'notes', (raw) => raw.put(row))
}

describe('check() with the server', () => {
  it('finds nothing where both hold the same, and changes nothing', async () => {
    const here = await synced()
    const before = await here.db.notes.toArray()
    expect(await compared(here)).toEqual({
      ok: true,
      checked: { posts: 1, notes: 2 },
      findings: [],
      server: { posts: { listed: 1 }, notes: { listed: 2 } },
    })
    expect(await here.db.notes.toArray()).toEqual(before)
  })

  it('finds what was written past sync: other values, a row too many, a row too few', async () => {
    const here = await synced()
    await smuggle(here, 'n', 'smuggled')
    await smuggle(here, 'new', 'smuggled')
    await pastSync(here.db.name, 'notes', (raw) => raw.delete('m'))
    const { ok, findings } = await compared(here)
    expect(ok).toBe(false)
    const texts = { table: 'notes', message: expect.any(String), fix: expect.any(String) }
    expect(findings).toEqual([
      { code: 'differs', key: 'n', fields: ['text'], ...texts },
      { code: 'missing-here', key: 'm', ...texts },
      { code: 'missing-there', key: 'new', ...texts },
    ])
    await here.until(here.sync.resync('notes'))
    expect((await compared(here)).findings).toEqual([])
  })

  it('shows rows only where it is asked to', async () => {
    const here = await synced()
    await smuggle(here, 'n', 'smuggled')
    expect(JSON.stringify(await compared(here))).not.toMatch(/smuggled|theirs/)
    const { findings } = await compared(here, true)
    expect(findings).toMatchObject([{ rows: { local: { text: 'smuggled' }, expected: { text: 'theirs' } } }])
  })

  it('lists page by page', async () => {
    const here = await synced({ config: { sync: { pull: { pageSize: 2 } } } })
    for (let i = 0; i < 7; i += 1) here.backend.insert('notes', { id: `r${i}`, text: 'x' })
    await here.synced()
    expect((await compared(here)).server?.notes).toEqual({ listed: 9 })
  })

  it('passes over what waits, and what the server has written since the last pull', async () => {
    const here = await synced()
    here.setOnline(false)
    await here.db.notes.update('n', { text: 'mine' })
    await here.db.notes.delete('m')
    here.backend.respondNext(100, { status: 500 }, { method: 'PATCH' })
    here.backend.respondNext(100, { status: 500 }, { method: 'DELETE' })
    here.setOnline(true)
    here.backend.insert('posts', { id: 2, title: 'just now' })
    expect((await compared(here)).findings).toEqual([])
  })

  it('says unsettled where the server cannot be asked for one row', async () => {
    const { read: _, ...notes } = blogRoutes.notes
    const here = await synced({ config: { routes: { ...blogRoutes, notes } } })
    await smuggle(here, 'n', 'smuggled')
    expect((await compared(here)).findings).toMatchObject([{ code: 'differs', key: 'n', unsettled: true }])
  })

  it('does not take a change for a difference that comes while it asks', async () => {
    const here = await synced()
    await smuggle(here, 'n', 'smuggled')
    const again = here.backend.holdNext({ method: 'GET', path: '/api/notes/n' })
    const look = here.sync.check('notes', { server: true })
    await here.until(again.arrived)
    await here.db.notes.update('n', { text: 'mine' })
    again.release()
    expect((await here.until(look)).findings).toEqual([])
    await here.sync.discard('notes', 'n')
  })

  it('says why it could not compare: then nothing is sure', async () => {
    let user = 'ann'
    const here = await synced({ config: { identity: () => user } })
    here.setOnline(false)
    expect((await compared(here)).server?.notes).toEqual({ why: 'offline' })
    here.setOnline(true)
    await here.synced()
    await here.until(here.sync.pauseTable('posts'))
    expect(await compared(here)).toMatchObject({
      ok: false,
      server: { posts: { why: 'paused' }, notes: { listed: 2 } },
    })
    user = 'bob'
    expect((await compared(here)).server?.notes).toEqual({ why: 'identity-changed' })
    user = 'ann'
    here.backend.respondNext(9, { status: 503, headers: { 'retry-after': '600' } })
    expect((await compared(here)).server?.notes).toEqual({ why: 'server-busy' })
  })

  it('ends with stop()', async () => {
    const here = await synced()
    const held = here.backend.holdNext({ method: 'GET' })
    const look = here.sync.check('notes', { server: true })
    await held.arrived
    await here.until(here.sync.stop())
    expect((await look).server?.notes).toEqual({ why: 'stopped' })
  })
})
