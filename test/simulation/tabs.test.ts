import { describe, expect, it } from 'vitest'
import { DeviceChannel } from './channel'
import { DeviceLocks } from './locks'
import { prng } from './prng'
import { Scheduler } from './scheduler'

const bounds = { steps: 1_000, until: 1e6 }

function deviceWith() {
  const scheduler = new Scheduler(prng(1, 'schedule'), 0)
  const stolen: string[] = []
  const locks = new DeviceLocks(scheduler, 'd0', (tab) => stolen.push(tab))
  const channel = new DeviceChannel(scheduler, 'd0', () => true)
  const settle = () => scheduler.run(() => false, bounds)
  return { scheduler, locks, channel, stolen, settle }
}

/** A promise and the way to end it. */
function open() {
  let end = () => {}
  const promise = new Promise<void>((resolve) => {
    end = resolve
  })
  return { promise, end }
}

describe('the locks of a device', () => {
  it('go to one tab at a time, in order', async () => {
    const { scheduler, locks, settle } = deviceWith()
    const seen: string[] = []
    const first = open()
    const take = (tab: string, until: Promise<void>) =>
      locks.request(tab, 'drain', {}, async () => {
        seen.push(`${tab} has it`)
        await until
        seen.push(`${tab} lets go`)
      })
    void take('t0', first.promise)
    void take('t1', Promise.resolve())
    await settle()
    expect(seen).toEqual(['t0 has it'])
    scheduler.post('t0', first.end)
    await settle()
    expect(seen).toEqual(['t0 has it', 't0 lets go', 't1 has it', 't1 lets go'])
  })

  it('go to every tab where they are apart, of which is told', async () => {
    const { scheduler, settle } = deviceWith()
    const told: string[] = []
    const apart = new DeviceLocks(
      scheduler,
      'd0',
      () => {},
      (tab, name) => told.push(`${tab} ${name}`),
    )
    const had: string[] = []
    const take = (tab: string) =>
      void apart.request(tab, 'drain', {}, () => {
        had.push(tab)
        return open().promise
      })
    for (const tab of ['t0', 't1', 't1']) take(tab)
    void apart.request('t1', 'login', {}, () => open().promise)
    await settle()
    expect(had.sort()).toEqual(['t0', 't1'])
    expect(told).toEqual(['t1 drain'])
  })

  it('are refused at once where the asker will not wait', async () => {
    const { locks, settle } = deviceWith()
    void locks.request('t0', 'drain', {}, () => open().promise)
    let held: boolean | undefined
    void locks.request('t1', 'drain', { ifAvailable: true }, async (free) => {
      held = free
    })
    await settle()
    expect(held).toBe(false)
  })

  it('can be stolen, and the loser hears of it', async () => {
    const { locks, settle, stolen } = deviceWith()
    let lost: AbortSignal | undefined
    const loser = locks.request('t0', 'drain', {}, (_, signal) => {
      lost = signal
      return open().promise
    })
    loser.catch(() => {})
    await settle()
    let thief = false
    void locks.request('t1', 'drain', { steal: true }, async () => {
      thief = true
    })
    await settle()
    expect([thief, lost?.aborted, stolen]).toEqual([true, true, ['t0']])
  })

  it('of a killed tab are freed later', async () => {
    const { scheduler, locks, settle } = deviceWith()
    void locks.request('t0', 'drain', {}, () => open().promise)
    let at: number | undefined
    void locks.request('t1', 'drain', {}, async () => {
      at = scheduler.now()
    })
    await scheduler.run(() => false, { steps: 1, until: 1e6 })
    scheduler.drop('t0')
    locks.forget('t0', 20_000)
    await settle()
    expect(at).toBe(20_000)
  })
})

describe('the channel of a device', () => {
  it('carries copies to every other tab, in order', async () => {
    const { channel, settle } = deviceWith()
    const heard: unknown[] = []
    const [sender, hearer] = [channel.join('t0', 'app'), channel.join('t1', 'app')]
    sender.listen((message) => heard.push(['self', message]))
    hearer.listen((message) => heard.push(message))
    channel.join('t2', 'another app').listen(() => heard.push('another app'))
    const message = { n: 1 }
    sender.post(message)
    message.n = 2
    sender.post(message)
    await settle()
    expect(heard).toEqual([{ n: 1 }, { n: 2 }])
  })

  it('loses messages where told to', async () => {
    const { channel, settle } = deviceWith()
    channel.loss = 1
    const heard: unknown[] = []
    channel.join('t1', 'app').listen((message) => heard.push(message))
    channel.join('t0', 'app').post('lost')
    await settle()
    expect(heard).toEqual([])
  })

  it('carries messages twice, and some behind later ones', async () => {
    const scheduler = new Scheduler(prng(1, 'schedule'), 0)
    const lateness = [50, 0]
    const crooked = { lateness: () => lateness.shift() ?? 0, isDoubled: () => true }
    const channel = new DeviceChannel(scheduler, 'd0', () => false, crooked)
    const heard: unknown[] = []
    channel.join('t1', 'app').listen((message) => heard.push([message, scheduler.now()]))
    const sender = channel.join('t0', 'app')
    sender.post('first')
    sender.post('second')
    await scheduler.run(() => false, bounds)
    expect(heard).toEqual([
      ['first', 0],
      ['second', 0],
      ['second', 0],
      ['first', 50],
    ])
  })

  it('elects one leader, and the next when it is gone', async () => {
    const { channel, settle } = deviceWith()
    const elected: string[] = []
    for (const tab of ['t0', 't1', 't2']) {
      channel.join(tab, 'app').elect(
        () => elected.push(tab),
        () => {},
      )
    }
    await settle()
    expect(elected).toHaveLength(1)
    channel.forget(elected[0]!)
    await settle()
    expect(new Set(elected).size).toBe(2)
  })

  it('does not elect a tab that withdraws before it was told', async () => {
    const { channel, scheduler, settle } = deviceWith()
    const elected: string[] = []
    const withdraw = channel.join('t0', 'app').elect(
      () => elected.push('t0'),
      () => {},
    )
    await scheduler.run(() => scheduler.steps === 1, bounds)
    await withdraw()
    await settle()
    expect(elected).toEqual([])
  })

  it('makes a second leader on demand', async () => {
    const { channel, settle } = deviceWith()
    const elected: string[] = []
    for (const tab of ['t0', 't1']) {
      channel.join(tab, 'app').elect(
        () => elected.push(tab),
        () => {},
      )
    }
    await settle()
    const follower = elected[0] === 't0' ? 't1' : 't0'
    expect(channel.electAnother(elected[0]!)).toBe(false)
    expect(channel.electAnother(follower)).toBe(true)
    await settle()
    expect(elected).toHaveLength(2)
  })
})
