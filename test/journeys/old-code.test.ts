import { describe, expect, it } from 'vitest'
import { type Journey, journey, status } from '../support/journey'
import { expectSameNotes, leave, renamed, secondRelease } from '../support/second-release'

function atServer({ backend }: Journey) {
  return backend
    .rows('notes')
    .map(({ id, text }) => [id, text])
    .sort()
}

describe('a tab on old code beside the new release', () => {
  it('hands over: what it writes after the upgrade is sent by the new one, in the new shape', async () => {
    const old = await journey()
    await old.db.notes.add({ id: 'a', text: 'before' })
    await old.synced()
    expect(old.sync.isLeader()).toBe(true)
    const next = await secondRelease(old)
    await old.db.notes.add({ id: 'b', text: 'of old code' })
    await old.db.notes.update('a', { text: 'edited by old code' } as never)
    await old.until(status(next.sync, ({ leader }) => leader))
    await next.settled()
    expect(atServer(old)).toEqual([
      ['a', 'edited by old code'],
      ['b', 'of old code'],
    ])
    expect(await next.db.notes.get('b')).toMatchObject({ body: 'of old code' })
    await expectSameNotes(next.db, old.backend)
    await old.until(status(old.sync, ({ state }) => state === 'outdated'))
    expect(old.sync.isLeader()).toBe(false)
    expect(old.tab.reports).toMatchObject([{ code: 'outdated-code' }])
  })

  it('alone, keeps what is written and talks to nobody, until the new one is back', async () => {
    const first = await journey()
    await first.db.notes.add({ id: 'a', text: 'before' })
    await first.synced()
    await leave(first)
    const next = await secondRelease(first)
    await next.settled()
    await first.until(next.sync.stop())
    next.db.close()
    const { length } = first.backend.requests
    const old = await first.reload()
    expect(old.sync.getStatus().state).toBe('outdated')
    await old.db.notes.add({ id: 'b', text: 'kept' })
    await old.device.advance(300_000)
    expect(first.backend.requests).toHaveLength(length)
    expect(await old.sync.explain('notes', 'b')).toMatchObject({ why: 'outdated' })
    expect((await old.sync.healthCheck()).issues.map(({ code }) => code)).toContain('outdated')
    await old.until(old.sync.stop())
    old.db.close()
    const back = await secondRelease(old)
    await back.settled()
    expect(atServer(old)).toEqual([
      ['a', 'before'],
      ['b', 'kept'],
    ])
    await expectSameNotes(back.db, old.backend)
  })

  it('decides nothing about what it does not understand', async () => {
    const start = await journey({ config: { conflicts: { policy: 'park' } } })
    await start.db.notes.add({ id: 'a', text: 'before' })
    await start.synced()
    start.setOnline(false)
    await start.db.notes.update('a', { text: 'mine' })
    start.backend.change('notes', 'a', { text: 'theirs' })
    start.setOnline(true)
    await start.until(status(start.sync, ({ conflicts }) => conflicts === 1))
    await leave(start)
    const next = await secondRelease(start, { conflicts: { policy: 'park' } })
    await start.until(next.sync.stop())
    next.db.close()
    const old = await start.reload()
    const [conflict] = await old.sync.conflicts.list()
    const refused = { code: 'outdated-code' }
    await expect(old.until(old.sync.conflicts.resolve(conflict!.id, 'remote'))).rejects.toMatchObject(refused)
    await expect(old.until(old.sync.discard('notes', 'a'))).rejects.toMatchObject(refused)
    expect(await old.sync.conflicts.list()).toEqual([conflict])
  })

  it('leaves what newer code has written to it, and sends the rest, where rows keep their shape', async () => {
    const plain = { migrateOutbox: undefined } as never
    const first = await journey({ online: false })
    await leave(first)
    const next = await secondRelease(first, plain)
    const id = await next.db.posts.add({ title: 'of new code' })
    await first.until(next.sync.stop())
    next.db.close()
    const old = await first.reload()
    await old.db.posts.update(id, { text: 'added by old code' } as never)
    await old.db.posts.add({ title: 'of old code' })
    old.setOnline(true)
    await old.until(old.sync.sync())
    await old.until(status(old.sync, ({ pending }) => pending === 2))
    expect(old.backend.rows('posts').map(({ title }) => title)).toEqual(['of old code'])
    expect((await old.sync.explain('posts', id)).why).toBe('newer-code')
    await leave(old)
    const back = await secondRelease(old, plain)
    await back.settled()
    expect(old.backend.rows('posts')).toMatchObject([
      { title: 'of old code' },
      { title: 'of new code', text: 'added by old code' },
    ])
  })
})

describe('a page that is killed while it migrates', () => {
  it('goes on where it was, and sends nothing before all of a row is migrated', async () => {
    const start = await journey({ online: false })
    for (let i = 0; i < 50; i += 1) await start.db.notes.add({ id: `n${i}`, text: `${i}` })
    for (let i = 0; i < 50; i += 1) await start.db.notes.update(`n${i}`, { text: `${i} edited` })
    await leave(start)
    let calls = 0
    let gone = () => {}
    const crashed = new Promise<void>((resolve) => {
      gone = resolve
    })
    const killed = await secondRelease(
      start,
      {
        migrateOutbox: (row) => {
          calls += 1
          if (calls === 70) {
            killed.tab.crash()
            gone()
          }
          renamed(row)
        },
      },
      { start: false },
    )
    void killed.sync.start()
    await start.until(crashed)
    killed.db.close()
    let again = 0
    const next = await secondRelease(start, {
      migrateOutbox: (row) => {
        again += 1
        renamed(row)
      },
    })
    start.setOnline(true)
    await next.settled()
    expect(again).toBeLessThan(150)
    expect(atServer(start)).toEqual(Array.from({ length: 50 }, (_, i) => [`n${i}`, `${i} edited`]).sort())
    await expectSameNotes(next.db, start.backend)
  })
})
