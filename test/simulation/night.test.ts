import { describe, expect, it } from 'vitest'
import { prng } from './prng'
import { Scheduler } from './scheduler'
import { keptFor } from './server-keys'
import { nightLong } from './server-weather'
import { serverWith } from './server-with'

describe('a night', () => {
  it('puts off what the world does, and lets timers of devices ring late', async () => {
    const scheduler = new Scheduler(prng(1, 'schedule'), 0)
    const rang: [string, number][] = []
    const ring = (name: string) => () => void rang.push([name, scheduler.now()])
    scheduler.after(100, 'a', ring('tab'), 'd0/t0')
    scheduler.after(100, 'b', ring('world'), 'world')
    const cancel = scheduler.after(100, 'c', ring('cancelled'), 'world')
    scheduler.sleep(1_000)
    cancel()
    await scheduler.run(() => false, { steps: 10, until: 10_000 })
    expect(rang).toEqual([
      ['tab', 1_000],
      ['world', 1_100],
    ])
  })

  it('is longer than a server remembers keys', () => {
    const world = serverWith()
    const key = { 'idempotency-key': 'k' }
    const create = () => world.call('POST', '/api/posts', { title: 'a' }, key)
    const first = create()
    world.pass(keptFor - 1)
    world.server.forgetKeys()
    expect(create()).toMatchObject({ body: first.body })
    expect(world.struck.get('keys-forgotten')).toBeUndefined()
    world.pass(nightLong)
    world.server.forgetKeys()
    expect(world.struck.get('keys-forgotten')).toBe(1)
    expect(create().body).not.toBe(first.body)
  })
})
