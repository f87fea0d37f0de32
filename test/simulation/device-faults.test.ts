import { describe, expect, it } from 'vitest'
import { calm } from './calm'
import { type DeviceFaultAction, deviceFaults } from './device-faults'
import { startLibrary } from './library'
import type { Action } from './operations'
import { schedule } from './perform'
import { runCase, runSeed } from './run'
import type { Swarm } from './swarm'
import { type Tab, type TabEngine, World } from './world'

const place = { device: 0, tab: 0 }
const patience = { timeout: 60_000 }

/** A world with an engine that does nothing, and what a fault does in it. */
function worldWith(action: DeviceFaultAction, config: Partial<Swarm> = {}) {
  const calls: string[] = []
  const call = (name: string) => async () => void calls.push(`${name} at ${world.scheduler.now()}`)
  const engine = { start: call('start'), stop: call('stop'), resync: call('resync') } as unknown as TabEngine
  const world: World = new World(1, { ...calm, ...config }, () => engine)
  const tabs = Array.from({ length: world.config.tabs }, (_, i) => world.open(world.devices[0]!, i))
  schedule(world, [{ ...action, at: 1_000 }])
  const until = (ms: number) => {
    let reached = false
    const reach = () => {
      reached = true
    }
    world.scheduler.after(ms - world.scheduler.now(), 'test', reach, 'world')
    return world.scheduler.run(() => reached, { steps: 10_000, until: 1e9 })
  }
  return { world, tabs, tab: tabs[0]!, until, calls }
}

/** When timers ring that are set now, ms since the run began. */
function ringing({ environment }: Tab, world: World, waits: readonly number[]): number[] {
  const rang: number[] = []
  for (const ms of waits) environment.timer(() => rang.push(world.scheduler.now()), ms)
  return rang
}

describe('the faults of devices', patience, () => {
  it.each(deviceFaults)('strike: %s', async (kind) => {
    let struck = 0
    for (let seed = 1; seed <= 5 && struck === 0; seed++) {
      const report = await runSeed(seed, {
        startEngine: startLibrary,
        adjust: (config) => ({ ...config, devices: 2, operations: 20, deviceFaults: { [kind]: 4 } }),
      })
      struck = report.faults[kind] ?? 0
    }
    expect(struck).toBeGreaterThan(0)
  })

  it('kill a tab inside a transaction', async () => {
    const ids = ['w0', 'w1', 'w2']
    const write: Action = { ...place, kind: 'add-thread', ids, explicit: true, poisoned: false }
    const kill: Action = {
      ...place,
      kind: 'kill-writing',
      within: 500,
      afterSteps: 1,
      reopenAfter: 50,
      locksAfter: 0,
    }
    let inside = 0
    for (let seed = 1; seed <= 10; seed++) {
      const operations = [
        { ...kill, at: 1_000 },
        { ...write, at: 1_000 },
      ]
      const report = await runCase({ seed, config: calm, operations }, { startEngine: startLibrary })
      expect(report.failures).toEqual([])
      inside += report.tabs['killed-in-transaction'] ?? 0
    }
    expect(inside).toBeGreaterThan(7)
  })
})

describe('the storage of a device', patience, () => {
  const write: Action = { ...place, kind: 'add-thread', ids: ['w0', 'w1'], explicit: true, poisoned: false }
  const run = (faults: readonly DeviceFaultAction[], seed = 1) =>
    runCase(
      { seed, config: calm, operations: [...faults, write].map((one) => ({ ...one, at: 1_000 })) },
      { startEngine: startLibrary },
    )

  it('that is full rolls the write of the app back, and says so', async () => {
    const fault = { ...place, kind: 'quota-write', within: 500, skip: 2 } as const
    const { faults, writes, effects, failures } = await run([fault])
    expect(failures).toEqual([])
    expect(faults).toEqual({ 'quota-write': 1 })
    expect([writes.failed, effects]).toEqual([2, 0])
  })

  it('that is full for a page has it later', async () => {
    const fault = { ...place, kind: 'quota-page', within: 500, skip: 0 } as const
    const { faults, writes, failures } = await run([fault, fault])
    expect(failures).toEqual([])
    expect([faults, writes.acknowledged]).toEqual([{ 'quota-page': 2 }, 2])
  })

  it('that is lost in the middle of a write is made again, and nothing of the write is left', async () => {
    let failed = 0
    for (let seed = 1; seed <= 5; seed++) {
      const report = await run([{ ...place, kind: 'lose-connection', within: 500, skip: 1 }], seed)
      expect(report.failures).toEqual([])
      expect(report.faults).toEqual({ 'lose-connection': 1 })
      failed += report.writes.failed
      expect(report.effects + report.writes.failed).toBe(2)
    }
    expect(failed).toBeGreaterThan(0)
  })
})

describe('a tab', () => {
  it('that is frozen does nothing until it is thawed', async () => {
    const { world, tab, until } = worldWith({ ...place, kind: 'freeze', lasting: 20_000, told: false })
    const rang = ringing(tab, world, [500, 5_000, 30_000])
    await until(60_000)
    expect(rang).toEqual([500, 21_000, 30_000])
  })

  it('that is told so hears of it before, and of its end after', async () => {
    const { world, tab, until } = worldWith({ ...place, kind: 'freeze', lasting: 20_000, told: true })
    const heard: [string, number][] = []
    tab.environment.lifecycle((moment) => heard.push([moment, world.scheduler.now()]))
    const rang = ringing(tab, world, [5_000])
    await until(60_000)
    expect(heard).toEqual([
      ['freeze', 1_000],
      ['thaw', 21_000],
    ])
    expect(rang).toEqual([21_000])
  })

  it('sleeps with its device, and so do the others there', async () => {
    const { world, tabs, until } = worldWith({ ...place, kind: 'sleep', lasting: 20_000 }, { tabs: 2 })
    const rang = tabs.map((tab) => ringing(tab, world, [5_000]))
    await until(60_000)
    expect(rang).toEqual([[21_000], [21_000]])
    expect(world.struck.get('sleep')).toBe(2)
  })

  it('that is hidden has timers that ring on the minute', async () => {
    const { world, tab, until } = worldWith({ ...place, kind: 'hide', lasting: 200_000 })
    const rang = ringing(tab, world, [500, 5_000, 130_000, 250_000])
    await until(300_000)
    expect(rang).toEqual([500, 60_000, 180_000, 250_000])
    expect(tab.environment.isVisible()).toBe(true)
  })

  it('that is killed while frozen is gone', async () => {
    const { world, tab, until } = worldWith({ ...place, kind: 'freeze', lasting: 20_000, told: false })
    const rang = ringing(tab, world, [5_000])
    await until(10_000)
    world.kill(tab, 0)
    await until(60_000)
    expect(rang).toEqual([])
  })

  it('reads a clock that was set, and one that was not', async () => {
    const { tab, until } = worldWith({ ...place, kind: 'set-clock', by: -3_600_000 })
    const before = tab.environment.now()
    await until(2_000)
    expect(tab.environment.now() - before).toBe(2_000 - 3_600_000)
    expect(tab.environment.monotonic()).toBe(2_000)
  })

  it('gets no lock for a while, then the one it waits for', async () => {
    const { world, tab, until } = worldWith({ ...place, kind: 'withhold-locks', lasting: 20_000 })
    await until(2_000)
    const got: [boolean, number][] = []
    const take = async (held: boolean) => void got.push([held, world.scheduler.now()])
    void tab.environment.lock('drain', {}, take)
    void tab.environment.lock('drain', { ifAvailable: true }, take)
    await until(60_000)
    expect(got).toEqual([
      [false, 2_000],
      [true, 21_000],
    ])
  })

  it('loses its locks, and whoever waits gets them', async () => {
    const { tabs, until } = worldWith({ ...place, kind: 'rob-locks' }, { tabs: 2 })
    const seen: string[] = []
    const [first, second] = tabs.map(({ environment }) => environment)
    const losing = first!.lock('drain', {}, (_, lost) => {
      lost.addEventListener('abort', () => seen.push('lost'))
      return new Promise(() => {})
    })
    losing.catch(() => {})
    void second!.lock('drain', {}, async () => void seen.push('taken'))
    await until(900)
    expect(seen).toEqual([])
    await until(5_000)
    expect(seen.sort()).toEqual(['lost', 'taken'])
  })

  it('goes on living while its engine is stopped and started again', async () => {
    const { tab, until, calls } = worldWith({ ...place, kind: 'stop-start', lasting: 20_000 })
    await until(60_000)
    expect(calls).toEqual(['start at 0', 'stop at 1000', 'start at 21000'])
    expect(tab.alive).toBe(true)
  })

  it('has everything fetched anew', async () => {
    const { until, calls } = worldWith({ ...place, kind: 'resync' })
    await until(60_000)
    expect(calls).toEqual(['start at 0', 'resync at 1000'])
  })
})
