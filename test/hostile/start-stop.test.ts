import { describe, expect, it, onTestFinished } from 'vitest'
import type { Route } from '../../src/index'
import { watchTransactions } from '../support/count-requests'
import { blogRoutes, expectSameRows, journey } from '../support/journey'
import { secondTab } from './second-tab'

describe('starting and stopping', () => {
  it.each([
    'stop stop start',
    'stop start stop start',
    'stop stop stop start stop start',
    'start stop stop start',
  ])('as %s without waiting leaves one engine, and nothing once it is stopped', async (words) => {
    const { db, sync, backend, settled, until, device } = await journey()
    await settled()
    let last: Promise<void> = Promise.resolve()
    for (const word of words.split(' ')) last = word === 'stop' ? sync.stop() : sync.start()
    await until(last)
    await db.posts.add({ title: 'x' })
    await settled()
    expect(backend.rows('posts')).toHaveLength(1)
    await expectSameRows(db, backend)
    await until(sync.stop())
    device.expectNothingLeft()
  })

  it('twice while it is just starting leaves nothing', async () => {
    const { sync, until, device, settled } = await journey()
    await settled()
    await until(sync.stop())
    void sync.start()
    void sync.stop()
    void sync.stop()
    const again = sync.start()
    await until(again)
    await settled()
    await until(sync.stop())
    device.expectNothingLeft()
  })

  it('at any moment of a cycle that fails leaves no transaction open', async () => {
    const { sync, until, setOnline, settled } = await journey()
    await settled()
    const { open, restore } = watchTransactions()
    onTestFinished(restore)
    const left: string[] = []
    for (let turns = 0; turns < 20; turns++) {
      setOnline(turns % 2 === 0)
      const asked = sync.sync().catch(() => {})
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
      await until(
        sync.stop().then(() => {
          for (const { objectStoreNames } of open) left.push(`${turns}: ${[...objectStoreNames].join()}`)
        }),
      )
      await asked
      await until(sync.start())
    }
    expect(left).toEqual([])
  })

  it('while somebody waits for a change leaves no transaction open', async () => {
    const { db, sync, until, setOnline, settled } = await journey()
    await settled()
    setOnline(false)
    const id = await db.posts.add({ title: 'waits' })
    const { open, restore } = watchTransactions()
    onTestFinished(restore)
    const left: string[] = []
    for (let turns = 0; turns < 12; turns++) {
      const waited = sync.whenPushed('posts', id!).catch(({ code }) => code)
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
      await until(
        sync.stop().then(() => {
          for (const { objectStoreNames } of open) left.push(`${turns}: ${[...objectStoreNames].join()}`)
        }),
      )
      expect(await waited).toBe('stopped')
      await until(sync.start())
    }
    expect(left).toEqual([])
  })

  it('while a function of a route hangs leaves nothing', async () => {
    const hanging: Route = { push: { create: { url: '/api/notes', body: () => new Promise(() => {}) } } }
    const { db, sync, until, device } = await journey({
      config: { routes: { ...blogRoutes, notes: hanging } },
    })
    await db.notes.add({ id: 'a', text: 'x' })
    await device.advance(1_000)
    await until(sync.stop())
    device.expectNothingLeft()
  })

  it('while another tab signs somebody out leaves no transaction open', async () => {
    const here = await journey()
    await here.settled()
    const other = await secondTab(here)
    const { open, restore } = watchTransactions()
    onTestFinished(restore)
    const left: string[] = []
    for (let turns = 0; turns < 20; turns++) {
      await here.sync.signOut({ pending: 'discard' })
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
      await here.until(
        other.sync.stop().then(() => {
          for (const { objectStoreNames, db } of open)
            if (db === other.db.backendDB()) left.push(`${turns}: ${[...objectStoreNames].join()}`)
        }),
      )
      await here.until(other.sync.start())
    }
    expect(left).toEqual([])
  })
})
