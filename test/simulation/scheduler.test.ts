import { Dexie } from 'dexie'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { describe, expect, it } from 'vitest'
import { prng } from './prng'
import { Scheduler } from './scheduler'

const bounds = { steps: 1_000, until: 1e9 }

function scheduler(seed = 1): Scheduler {
  return new Scheduler(prng(seed, 'schedule'), 0)
}

describe('the scheduler', () => {
  it('keeps a lane in order and chooses between lanes by seed', async () => {
    const orders = new Set<string>()
    for (let seed = 1; seed <= 20; seed++) {
      const ran: string[] = []
      const world = scheduler(seed)
      for (const name of ['a1', 'a2', 'b1', 'b2']) world.post(name[0]!, () => void ran.push(name))
      await world.run(() => ran.length === 4, bounds)
      expect(ran.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2'])
      expect(ran.filter((name) => name.startsWith('b'))).toEqual(['b1', 'b2'])
      orders.add(ran.join())
    }
    expect(orders.size).toBeGreaterThan(3)
  })

  it('lets time stand still while anything can run, then jumps', async () => {
    const world = scheduler()
    const seen: [string, number][] = []
    const note = (name: string) => () => void seen.push([name, world.now()])
    world.after(60_000, 'timer', note('a minute later'))
    world.post('lane', note('first'))
    world.post('lane', note('second'))
    await world.run(() => seen.length === 3, bounds)
    expect(seen).toEqual([
      ['first', 0],
      ['second', 0],
      ['a minute later', 60_000],
    ])
  })

  it('runs no timer that was called off when it was due', async () => {
    const world = scheduler()
    const seen: string[] = []
    const calls: (() => void)[] = []
    for (const [mine, other] of [
      [0, 1],
      [1, 0],
    ])
      calls[mine!] = world.after(1_000, `timer${mine}`, () => {
        seen.push(`timer ${mine}`)
        calls[other!]!()
      })
    await world.run(() => false, bounds)
    expect(seen).toHaveLength(1)
  })

  it('runs every microtask of a step before the next', async () => {
    const world = scheduler()
    const seen: string[] = []
    world.post('a', async () => {
      for (let i = 0; i < 20; i++) await undefined
      seen.push('end of the first')
    })
    world.post('a', () => void seen.push('second'))
    await world.run(() => seen.length === 2, bounds)
    expect(seen).toEqual(['end of the first', 'second'])
  })

  it('drops what a killed tab had still to do, and nothing else', async () => {
    const world = scheduler()
    const seen: string[] = []
    world.post('a', () => void seen.push('dead'), 'd0/t0')
    world.after(5, 'b', () => void seen.push('dead'), 'd0/t0')
    world.after(5, 'b', () => void seen.push('alive'), 'd0/t1')
    world.drop('d0/t0')
    await world.run(() => false, bounds)
    expect(seen).toEqual(['alive'])
  })

  it('carries a database and the timers of its observers, and gives the real ones back', async () => {
    const real = [globalThis.setImmediate, globalThis.setTimeout, globalThis.clearTimeout]
    const world = scheduler()
    const restore = world.install()
    const db = new Dexie('scheduler-test', { indexedDB: new IDBFactory(), IDBKeyRange, cache: 'disabled' })
    db.version(1).stores({ rows: 'id' })
    let stored: unknown
    let rang = false
    world.post('app', async () => {
      await db.table('rows').put({ id: 1 })
      stored = await db.table('rows').get(1)
      setTimeout(() => {
        rang = true
      }, 3_000)
    })
    await world.run(() => rang, bounds)
    restore()
    expect(stored).toEqual({ id: 1 })
    expect(world.now()).toBe(3_000)
    expect([globalThis.setImmediate, globalThis.setTimeout, globalThis.clearTimeout]).toEqual(real)
    expect([...world.escaped.values()]).toContain(1)
    db.close()
  })

  it('gives up after a bound', async () => {
    const world = scheduler()
    const again = () => world.post('a', again)
    again()
    expect(await world.run(() => false, { steps: 100, until: 1e9 })).toBe(false)
    expect(world.steps).toBe(100)
  })
})
