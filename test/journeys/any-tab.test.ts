import { describe, expect, it } from 'vitest'
import type { SyncEngine } from '../../src/index'
import { secondTab } from '../hostile/second-tab'
import type { Blog } from '../support/blog'
import { expectSameRows, type Journey, journey } from '../support/journey'

interface Tab {
  readonly db: Blog
  readonly sync: SyncEngine
}

/** A call, what must be before it, and what must hold in the tab that made it once it has resolved. */
interface Call {
  readonly before?: (tab: Tab) => Promise<unknown>
  readonly call: (tab: Tab) => Promise<unknown>
  readonly after: (tab: Tab, world: Journey) => unknown
}

const sent = (_: Tab, { backend }: Journey) => expect(backend.rows('notes')).toContainEqual(mine)
const fetched = async ({ db }: Tab) => expect(await db.notes.get('theirs')).toBeDefined()
const mine = expect.objectContaining({ id: 'mine', text: 'mine' })

const calls: Readonly<Record<string, Call>> = {
  sync: {
    call: ({ sync }) => sync.sync(),
    after: async (tab, world) => {
      sent(tab, world)
      await fetched(tab)
    },
  },
  push: { call: ({ sync }) => sync.push(), after: sent },
  pull: { call: ({ sync }) => sync.pull(), after: fetched },
  syncTable: { call: ({ sync }) => sync.syncTable('notes'), after: fetched },
  resync: { call: ({ sync }) => sync.resync('notes'), after: fetched },
  pause: {
    call: ({ sync }) => sync.pause(),
    after: ({ sync }) => expect(sync.getStatus().state).toBe('paused'),
  },
  resume: {
    before: ({ sync }) => sync.pause(),
    call: ({ sync }) => sync.resume(),
    after: ({ sync }) => expect(sync.getStatus().state).not.toBe('paused'),
  },
  pauseTable: {
    call: ({ sync }) => sync.pauseTable('notes'),
    after: ({ sync }) => expect(sync.getStatus().pausedTables).toEqual(['notes']),
  },
  resumeTable: {
    before: ({ sync }) => sync.pauseTable('notes'),
    call: ({ sync }) => sync.resumeTable('notes'),
    after: ({ sync }) => expect(sync.getStatus().pausedTables).toEqual([]),
  },
  whenPushed: {
    call: ({ sync }) => sync.whenPushed('notes', 'mine'),
    after: sent,
  },
  whenInSync: {
    call: ({ sync }) => sync.whenInSync(),
    after: async ({ db }, { backend }) => expectSameRows(db, backend, ['notes']),
  },
  whenInitialSync: {
    call: ({ sync }) => sync.whenInitialSync(),
    after: ({ db }) => db.notes.get('old').then((row) => expect(row).toBeDefined()),
  },
  discard: {
    call: ({ sync }) => sync.discard('notes', 'old'),
    after: async ({ db }) => expect((await db.notes.get('old'))?.text).toBe('old'),
  },
}

/** Two tabs that were in sync, then cut off while both sides went on; the second, a follower, makes the call. */
async function world({ before }: Call) {
  const first = await journey()
  first.backend.insert('notes', { id: 'old', text: 'old' })
  await first.synced()
  const second = await secondTab(first)
  await first.until(before?.(second) ?? Promise.resolve())
  first.setOnline(false)
  first.backend.insert('notes', { id: 'theirs', text: 'theirs' })
  await second.db.notes.add({ id: 'mine', text: 'mine' })
  await second.db.notes.update('old', { text: 'edited' })
  await first.device.settle()
  expect(second.sync.isLeader()).toBe(false)
  return { first, second }
}

describe.each(Object.entries(calls))('%s in a follower', (_, call) => {
  it('does what it says', async () => {
    const { first, second } = await world(call)
    const done = call.call(second)
    first.setOnline(true)
    await first.until(done)
    await call.after(second, first)
  })

  it('is done by the next leader when the first crashes before it answers', async () => {
    const { first, second } = await world(call)
    const done = call.call(second)
    first.tab.crash()
    first.setOnline(true)
    await first.until(done)
    await call.after(second, first)
  })

  it('is no matter of a third tab that reloads meanwhile', async () => {
    const { first, second } = await world(call)
    const third = await secondTab(first)
    first.setOnline(true)
    const done = call.call(second)
    third.tab.crash()
    await secondTab(first)
    await first.until(done)
    await call.after(second, first)
  })
})
