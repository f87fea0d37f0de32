import { describe, expect, it } from 'vitest'
import { isStale, sight } from '../../src/tabs/heartbeat'
import { nothingOpen } from '../support/fake-environment'
import { leaderWorld } from './leader-world'

describe('a leader that stands still (E2, E3)', () => {
  it('is robbed by a tab with work once its heartbeat is 15 s old, and steps down when it goes on', async () => {
    const { device, log, open, leaders, stop } = leaderWorld()
    const [a, b] = [open('a'), open('b')]
    await device.advance(5_000)
    a.env.freeze()
    b.work = true
    await device.advance(14_000)
    expect(log).toEqual(['0s a leads, epoch 1'])
    await device.advance(10_000)
    expect(log[1]).toMatch(/^(2[0-9])s b leads, epoch 2$/)
    a.env.thaw()
    await device.settle()
    expect(log.at(-1)).toBe('29s a leads no more')
    expect(leaders()).toEqual(['b'])
    await device.until(b.leadership.stop())
    await device.advance(10_000)
    expect(log.at(-1)).toBe('34s a leads, epoch 3')
    expect(await stop()).toEqual([nothingOpen, nothingOpen])
  })

  it('is left alone by tabs that have no work', async () => {
    const { device, log, open, stop } = leaderWorld()
    const a = open('a')
    open('b')
    await device.settle()
    a.env.freeze()
    await device.advance(3_600_000)
    a.env.thaw()
    await device.settle()
    expect(log).toEqual(['0s a leads, epoch 1'])
    await stop()
  })

  it('has 90 s when it was hidden', async () => {
    const { device, log, open, stop } = leaderWorld()
    const [a, b] = [open('a'), open('b')]
    b.work = true
    await device.settle()
    a.env.setVisible(false)
    await device.settle()
    a.env.freeze()
    await device.advance(85_000)
    expect(log).toHaveLength(1)
    await device.advance(15_000)
    expect(log[1]).toMatch(/^(9[0-9]|100)s b leads, epoch 2$/)
    await stop()
  })

  it('keeps its office when it answers the ping, however old its heartbeat looks', async () => {
    const { device, log, open, stop } = leaderWorld()
    const a = open('a')
    const b = open('b')
    b.work = true
    await device.settle()
    for (let hour = 0; hour < 10; hour++) {
      device.jumpClock(3_600_000)
      await device.advance(7_000)
    }
    device.jumpClock(-86_400_000)
    await device.advance(60_000)
    expect(log).toEqual(['0s a leads, epoch 1'])
    expect(a.leadership.isLeader()).toBe(true)
    expect(await stop()).toEqual([nothingOpen, nothingOpen])
  })

  it('is noticed although the clock was set back', async () => {
    const { device, log, open, stop } = leaderWorld()
    const [a, b] = [open('a'), open('b')]
    b.work = true
    await device.settle()
    a.env.freeze()
    device.jumpClock(-86_400_000)
    await device.advance(30_000)
    expect(log.at(-1)).toMatch(/b leads, epoch 2$/)
    await stop()
  })

  it('loses its office to one tab only, although several have work', async () => {
    const { device, log, open, leaders, stop } = leaderWorld({ seed: 7 })
    const a = open('a')
    for (const name of ['b', 'c', 'd']) open(name).work = true
    await device.settle()
    a.env.freeze()
    await device.advance(120_000)
    expect(log).toHaveLength(2)
    a.env.thaw()
    await device.advance(60_000)
    expect(leaders()).toHaveLength(1)
    expect(await stop()).toEqual(Array(4).fill(nothingOpen))
  })

  it('falls back to the elected tab when one thief robbed the other and is gone', async () => {
    const { device, open, leaders, stop } = leaderWorld()
    const [a, b, c] = [open('a'), open('b'), open('c')]
    await device.settle()
    a.env.freeze()
    b.work = true
    await device.advance(30_000)
    b.env.freeze()
    c.work = true
    await device.advance(30_000)
    b.env.thaw()
    await device.advance(30_000)
    a.env.thaw()
    await device.advance(30_000)
    expect(leaders()).toEqual(['c'])
    c.env.crash()
    await device.settle()
    expect(leaders()).toEqual(['a'])
    expect(await stop()).toEqual(Array(3).fill(nothingOpen))
  })

  it('is not robbed by a tab that stops while it waits for the pong', async () => {
    const { device, row, log, open, stop } = leaderWorld()
    const [a, b] = [open('a'), open('b')]
    await device.settle()
    a.env.freeze()
    b.work = true
    row.set({ epoch: 1, tab: 'a', heartbeat: device.now() - 60_000, hidden: false })
    await device.advance(6_500)
    expect(b.env.open().timers).toBe(1)
    const before = device.now()
    await device.until(b.leadership.stop())
    expect([b.env.open(), device.now() - before]).toEqual([{ ...nothingOpen, channels: 1 }, 0])
    expect(log).toHaveLength(1)
    a.env.thaw()
    await stop()
  })

  it('comes to one leader again in a browser without Web Locks (E1)', async () => {
    const { device, log, open, leaders, stop } = leaderWorld({ locks: false })
    const [a, b] = [open('a'), open('b')]
    b.work = true
    await device.settle()
    a.env.freeze()
    await device.advance(30_000)
    expect(leaders()).toEqual(['a', 'b'])
    a.env.thaw()
    await device.advance(60_000)
    expect(leaders()).toHaveLength(1)
    const epochs = log.flatMap((line) => /epoch (\d+)/.exec(line)?.[1] ?? [])
    expect(epochs.map(Number)).toEqual(epochs.map((_, i) => i + 1))
    expect(await stop()).toEqual([nothingOpen, nothingOpen])
  })

  it('is replaced when its database fails although it answers messages', async () => {
    const { device, row, log, open, stop } = leaderWorld()
    const [a, b] = [open('a'), open('b')]
    b.work = true
    await device.settle()
    const { beat } = row.port
    row.port.beat = (epoch, now, hidden) =>
      epoch === 1 ? Promise.reject(new Error('no disk')) : beat(epoch, now, hidden)
    await device.advance(30_000)
    expect(log.filter((line) => line.includes('leads'))).toEqual([
      '0s a leads, epoch 1',
      expect.stringMatching(/a leads no more$/),
      expect.stringMatching(/b leads, epoch 2$/),
    ])
    expect(a.leadership.isLeader()).toBe(false)
    await stop()
  })
})

describe('the rule of staleness', () => {
  const row = { epoch: 3, tab: 'a', heartbeat: 100_000, hidden: false }
  const fresh = { epoch: 3, heartbeat: 100_000, since: 0 }
  it.each([
    ['fresh', row, 114_999, 0, false],
    ['old by the clock', row, 115_000, 0, true],
    ['old by what was seen, clock set back', row, 0, 15_000, true],
    ['hidden', { ...row, hidden: true }, 189_999, 89_999, false],
    ['hidden and old', { ...row, hidden: true }, 190_000, 0, true],
    ['no row yet', undefined, 999_999, 14_999, false],
    ['no row for long', undefined, 0, 15_000, true],
  ])('%s', (_, seen, now, monotonic, stale) => {
    expect(isStale(seen, fresh, { now, monotonic })).toBe(stale)
  })

  it('counts from when the row last changed', () => {
    const first = sight(row, undefined, 10)
    expect(sight(row, first, 20)).toBe(first)
    expect(sight({ ...row, heartbeat: 105_000 }, first, 20)).toEqual({
      epoch: 3,
      heartbeat: 105_000,
      since: 20,
    })
    expect(sight(undefined, undefined, 30)).toEqual({ epoch: 0, heartbeat: 0, since: 30 })
  })
})
