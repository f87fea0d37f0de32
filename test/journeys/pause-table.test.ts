import { describe, expect, it } from 'vitest'
import { costOf, sum } from '../budgets/cost'
import { secondTab } from '../hostile/second-tab'
import { expectSameRows, journey } from '../support/journey'

const code = (expected: string) => expect.objectContaining({ name: 'SyncError', code: expected })
const ofNotes = { path: '/api/notes' }

describe('pausing one table', () => {
  it('stops its traffic and no other, until it is resumed', async () => {
    const { db, sync, backend, device, until, settled } = await journey()
    await settled()
    await until(sync.pauseTable('notes'))
    expect(sync.getStatus()).toMatchObject({ state: 'idle', pausedTables: ['notes'] })
    const asked = backend.asked(ofNotes).length
    await db.notes.add({ id: 'n', text: 'later' })
    await db.posts.add({ title: 'now' })
    backend.insert('notes', { id: 'theirs', text: 'x' })
    await device.advance(600_000)
    await until(sync.sync())
    await until(sync.syncTable('notes'))
    expect(backend.asked(ofNotes).length).toBe(asked)
    expect(backend.rows('posts')).toHaveLength(1)
    expect(sync.getStatus().pending).toBe(1)
    await until(sync.resumeTable('notes'))
    expect(sync.getStatus().pausedTables).toEqual([])
    await settled()
    await expectSameRows(db, backend)
  })

  it('holds a request back that was sent before, and the leader does not spin over it', async () => {
    const { db, sync, backend, device, until, settled } = await journey()
    await settled()
    backend.dropResponse(1, { method: 'POST', ...ofNotes })
    backend.respondNext(3, { status: 500 }, { method: 'POST', ...ofNotes })
    await db.notes.add({ id: 'n', text: 'once' })
    await until(backend.nextRequest({ method: 'POST', ...ofNotes }))
    await until(sync.pauseTable('notes'))
    const asked = backend.asked(ofNotes).length
    const cost = sum(await costOf(() => device.advance(600_000)))
    expect(cost.transactions).toBeLessThan(600) // signs of life every 5 s, polls every 30 s
    expect(backend.asked(ofNotes).length).toBe(asked)
    await until(sync.resumeTable('notes'))
    await settled()
    expect(backend.rows('notes')).toHaveLength(1)
  })

  it('lasts over a reload and in the next leader; resume ends it with everything else', async () => {
    const start = await journey()
    await start.settled()
    await start.until(start.sync.pauseTable('notes'))
    await start.until(start.sync.pauseTable('posts'))
    const first = await start.reload()
    const second = await secondTab(first)
    expect(second.sync.getStatus().pausedTables).toEqual(['notes', 'posts'])
    const asked = first.backend.requests.length
    first.tab.crash()
    await second.db.notes.add({ id: 'n', text: 'later' })
    await first.device.advance(120_000)
    expect(second.sync.isLeader()).toBe(true)
    expect(first.backend.requests.length).toBe(asked)
    await first.until(second.sync.pause())
    await first.until(second.sync.resume())
    await first.until(second.sync.whenInSync())
    expect(second.sync.getStatus().pausedTables).toEqual([])
    expect(first.backend.rows('notes')).toHaveLength(1)
  })

  it('by a follower is seen in every tab', async () => {
    const first = await journey()
    await first.settled()
    const second = await secondTab(first)
    await first.until(second.sync.pauseTable('notes'))
    await first.device.settle()
    for (const { sync } of [first, second]) expect(sync.getStatus().pausedTables).toEqual(['notes'])
  })

  it('that is not synced is refused', async () => {
    const { sync } = await journey()
    for (const call of [sync.pauseTable, sync.resumeTable, sync.syncTable])
      expect(await call('nowhere').catch((error) => error)).toEqual(code('unknown-table'))
  })
})
