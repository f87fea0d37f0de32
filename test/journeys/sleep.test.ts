import { describe, expect, it } from 'vitest'
import { secondTab } from '../hostile/second-tab'
import { eventLog, expectSameRows, journey } from '../support/journey'

const night = 8 * 3_600_000

/** What a phone or laptop tells a page when it is opened again. */
function wakeUp(tab: { setOnline(online: boolean): void; setVisible(visible: boolean): void }): void {
  tab.setOnline(false)
  tab.setVisible(true)
  tab.setOnline(true)
}

describe('a device that slept for a night', () => {
  for (const told of [false, true])
    it(`makes one cycle when it wakes (${told ? 'put away and brought back' : 'without a word'})`, async () => {
      const { db, sync, backend, tab, device, settled } = await journey({
        config: { sync: { interval: 60_000 } },
      })
      await settled()
      backend.insert('notes', { id: 'other', text: 'by night' })
      if (told) tab.putAway()
      else tab.freeze()
      await device.advance(night)
      const asked = backend.requests.length
      const heard = eventLog(sync, 'sync-start')
      if (told) tab.bringBack()
      else tab.thaw()
      wakeUp(tab)
      await device.advance(30_000)
      expect(await db.notes.count()).toBe(1)
      expect(heard).toEqual(['sync-start'])
      expect(backend.requests.length - asked).toBe(2)
      await settled()
      await expectSameRows(db, backend)
    })

  it('with changes waiting sends each once', async () => {
    const { db, backend, tab, device, settled } = await journey()
    await settled()
    backend.down()
    await db.notes.bulkAdd(Array.from({ length: 20 }, (_, i) => ({ id: `n${i}`, text: 'x' })))
    await device.advance(60_000)
    tab.freeze()
    await device.advance(night)
    backend.up()
    tab.thaw()
    wakeUp(tab)
    await settled()
    expect(backend.asked({ method: 'POST' })).toHaveLength(20)
    await expectSameRows(db, backend)
  })

  it('finds that another tab leads, and leaves the work to it', async () => {
    const first = await journey()
    await first.settled()
    const second = await secondTab(first)
    first.tab.freeze()
    await second.db.notes.add({ id: 'n', text: 'x' })
    await first.device.advance(night)
    expect(second.sync.isLeader()).toBe(true)
    expect(first.backend.rows('notes')).toHaveLength(1)
    first.tab.thaw()
    wakeUp(first.tab)
    await first.device.advance(60_000)
    expect([first.sync.isLeader(), second.sync.isLeader()].filter(Boolean)).toHaveLength(1)
    await first.db.notes.add({ id: 'm', text: 'y' })
    await first.device.advance(60_000)
    expect(first.backend.asked({ method: 'POST' })).toHaveLength(2)
    await expectSameRows(first.db, first.backend)
  })
})

describe('a wall clock that jumps by a day', () => {
  for (const days of [1, -1])
    it(`(${days}) while everything is idle changes nothing`, async () => {
      const { db, backend, device, settled } = await journey()
      await settled()
      const perMinute = async () => {
        const asked = backend.requests.length
        await device.advance(600_000)
        return backend.requests.length - asked
      }
      const before = await perMinute()
      device.jumpClock(days * 86_400_000)
      expect(await perMinute()).toBe(before)
      await db.notes.add({ id: 'n', text: 'x' })
      await settled()
      await expectSameRows(db, backend)
    })

  for (const days of [1, -1])
    it(`(${days}) while the server is away neither waits for a day nor storms`, async () => {
      const { db, sync, backend, device, settled } = await journey()
      await settled()
      backend.respondNext(1_000, { status: 503 })
      await db.notes.add({ id: 'n', text: 'x' })
      await device.advance(1_200_000)
      device.jumpClock(days * 86_400_000)
      const asked = backend.requests.length
      await device.advance(600_000)
      expect(backend.requests.length - asked).toBeGreaterThan(8)
      expect(backend.requests.length - asked).toBeLessThan(60)
      expect(sync.getStatus().deadLetters).toBe(0)
    })
})

describe('timers that run once a minute', () => {
  it('slow the leader down and nothing more: others hand it work, and it goes on leading', async () => {
    const first = await journey()
    await first.settled()
    const second = await secondTab(first)
    const heard = eventLog(second.sync, 'leader-change')
    first.tab.setVisible(false)
    first.tab.throttle(60_000)
    for (let i = 0; i < 30; i++) {
      await second.db.notes.add({ id: `n${i}`, text: 'x' })
      await first.device.advance(60_000)
      expect(first.backend.rows('notes')).toHaveLength(i + 1)
    }
    expect([first.sync.isLeader(), heard]).toEqual([true, []])
    await expectSameRows(second.db, first.backend)
  })

  it('do not keep a change from being tried again', async () => {
    const { db, backend, tab, device, settled } = await journey()
    await settled()
    tab.setVisible(false)
    tab.throttle(60_000)
    backend.respondNext(6, { status: 503 }, { method: 'POST' })
    await db.notes.add({ id: 'n', text: 'x' })
    await device.advance(600_000)
    await expectSameRows(db, backend)
  })
})
