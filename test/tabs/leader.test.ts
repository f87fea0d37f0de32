import { describe, expect, it } from 'vitest'
import { nothingOpen } from '../support/fake-environment'
import { leaderWorld } from './leader-world'

describe('I10 leadership', () => {
  it('goes to one tab, and to the next when that one stops', async () => {
    const { device, log, open, leaders, stop } = leaderWorld()
    const [a, b] = [open('a'), open('b')]
    await device.settle()
    expect(leaders()).toEqual(['a'])
    expect([a.leadership.epoch(), b.leadership.epoch()]).toEqual([1, undefined])
    await device.until(a.leadership.stop())
    expect(a.env.open()).toEqual({ ...nothingOpen, channels: 1 })
    await device.settle()
    expect(leaders()).toEqual(['b'])
    expect(await stop()).toEqual([nothingOpen, nothingOpen])
    expect(log).toEqual([
      '0s a leads, epoch 1',
      '0s a leads no more',
      '0s b leads, epoch 2',
      '0s b leads no more',
    ])
  })

  it('goes on at once when the leading tab crashes', async () => {
    const { device, log, open, stop } = leaderWorld()
    const a = open('a')
    open('b')
    await device.settle()
    a.env.crash()
    await device.settle()
    expect(log).toEqual(['0s a leads, epoch 1', '0s b leads, epoch 2'])
    expect(await stop()).toEqual([nothingOpen, nothingOpen])
  })

  it('shows signs of life, and says when the page is hidden', async () => {
    const { device, row, open, stop } = leaderWorld()
    const a = open('a')
    await device.advance(10_000)
    a.env.setVisible(false)
    await device.settle()
    expect(row.beats).toEqual([
      [1, false],
      [1, false],
      [1, true],
    ])
    expect(row.get()).toMatchObject({ tab: 'a', heartbeat: device.now(), hidden: true })
    await stop()
  })

  it('passes to another tab when the elector dies under a page that stays, and no tab is left out for good', async () => {
    const { device, log, open, stop } = leaderWorld()
    const [a, b] = [open('a'), open('b')]
    await device.settle()
    device.bus.depose(a.env.owner)
    await device.settle()
    expect(log.slice(1)).toEqual(['0s a leads no more', '0s b leads, epoch 2'])
    device.bus.depose(b.env.owner)
    await device.settle()
    expect(log.slice(3)).toEqual(['0s b leads no more', '0s a leads, epoch 3'])
    expect(await stop()).toEqual([nothingOpen, nothingOpen])
  })

  it('lets go at once when the page is put away, even if its work does not end', async () => {
    const { device, log, open, leaders, stop } = leaderWorld()
    const a = open('a')
    a.term = () => new Promise(() => {})
    const b = open('b')
    await device.settle()
    a.env.putAway()
    await device.settle()
    expect(log).toEqual(['0s a leads, epoch 1', '0s a leads no more', '0s b leads, epoch 2'])
    await device.advance(60_000)
    a.env.bringBack()
    await device.advance(60_000)
    expect(leaders()).toEqual(['b'])
    b.env.crash()
    await device.settle()
    expect(leaders()).toEqual(['a'])
    expect(await stop()).toEqual([nothingOpen, nothingOpen])
  })

  it('waits 5 s for work that does not end, then leaves it', async () => {
    const { device, log, open, stop } = leaderWorld()
    const a = open('a')
    a.term = () => new Promise(() => {})
    open('b')
    await device.settle()
    await device.until(a.leadership.stop())
    await device.settle()
    expect(log.at(-1)).toBe('5s b leads, epoch 2')
    expect(await stop()).toEqual([nothingOpen, nothingOpen])
  })

  it('waits for work that is cut short after 4 s, also where the timers of a hidden page ring together', async () => {
    const { device, open, stop } = leaderWorld()
    const a = open('a')
    const heard: string[] = []
    const storing = async () => {
      for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
      heard.push('the work is over')
    }
    a.term = (lost) =>
      new Promise((resolve) => {
        const cutShort = () => void storing().then(resolve)
        lost.addEventListener('abort', () => void a.env.timer(cutShort, 4_000))
      })
    await device.settle()
    a.env.throttle(60_000)
    const stopped = a.leadership.stop().then(() => heard.push('stopped'))
    await device.advance(60_000)
    for (let i = 0; i < 5; i++) await device.settle()
    await device.until(stopped)
    expect(heard).toEqual(['the work is over', 'stopped'])
    await stop()
  })

  it('waits for work that does end, so that two terms do not overlap', async () => {
    const { device, log, open, stop } = leaderWorld()
    const a = open('a')
    a.term = (lost) =>
      new Promise((resolve) => lost.addEventListener('abort', () => void a.env.timer(resolve, 3_000)))
    open('b')
    await device.settle()
    await device.until(a.leadership.stop())
    await device.settle()
    expect(log.at(-1)).toBe('3s b leads, epoch 2')
    await stop()
  })

  it('is tried again when the work failed or the database could not be written', async () => {
    const { device, row, log, open, stop } = leaderWorld()
    row.fail(new Error('no disk'))
    const a = open('a')
    a.term = () => Promise.reject(new Error('broken work'))
    await device.advance(1_000)
    row.fail(undefined)
    await device.advance(5_000)
    a.term = () => Promise.resolve()
    await device.advance(5_000)
    expect(log).toEqual([
      '0s a reports no disk',
      '5s a leads, epoch 1',
      '5s a reports broken work',
      '5s a leads no more',
      '10s a leads, epoch 2',
    ])
    expect(a.leadership.isLeader()).toBe(true)
    expect(await stop()).toEqual([nothingOpen])
  })

  it('does not begin when it is stopped while the epoch is being claimed', async () => {
    const { device, row, log, open } = leaderWorld()
    const { claim } = row.port
    let write = () => {}
    row.port.claim = async (tab, now) => {
      await new Promise<void>((resolve) => {
        write = resolve
      })
      return claim(tab, now)
    }
    const a = open('a')
    await device.settle()
    const stopped = a.leadership.stop()
    write()
    await device.until(stopped)
    expect(a.env.open()).toEqual({ ...nothingOpen, channels: 1 })
    expect(log).toEqual([])
  })

  it('survives start and stop in any order, and stops for good (E10)', async () => {
    const { device, log, open, leaders, stop } = leaderWorld()
    const a = open('a')
    a.leadership.start()
    const stopped = [a.leadership.stop(), a.leadership.stop()]
    a.leadership.start()
    await device.until(Promise.all(stopped))
    await device.settle()
    expect(leaders()).toEqual(['a'])
    const ending = a.leadership.stop()
    a.leadership.start()
    a.leadership.start()
    await device.until(ending)
    await device.settle()
    expect(leaders()).toEqual(['a'])
    await device.until(a.leadership.stop())
    expect(log.filter((line) => line.endsWith('leads no more'))).toHaveLength(2)
    expect(await stop()).toEqual([nothingOpen])
    const ended = log.length
    await device.advance(600_000)
    expect(log).toHaveLength(ended)
  })
})
