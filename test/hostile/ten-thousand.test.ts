import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type Dexie from 'dexie'
import { describe, expect, it } from 'vitest'
import { nothingOpen } from '../support/fake-environment'
import { expectSameRows, type Journey, journey } from '../support/journey'

const cycles = 10_000

/** How far a cycle gets before it is stopped, in turn. */
const depths = [
  'joined',
  'at once',
  'electing',
  'joined',
  'a few turns',
  'twice',
  'joined',
  'at once',
  'both',
  'synced',
]

async function cycle({ sync, until, settled }: Journey, depth: string): Promise<void> {
  const started = sync.start()
  if (depth === 'joined') await started
  if (depth === 'electing') await Promise.resolve()
  if (depth === 'a few turns') for (let i = 0; i < 5; i++) await new Promise((turn) => setImmediate(turn))
  if (depth === 'twice') void sync.stop().then(() => sync.start())
  if (depth === 'both') await Promise.all([sync.stop(), sync.start()])
  if (depth === 'synced') {
    await until(started)
    await settled()
  }
  await sync.stop()
  await sync.stop()
}

/** Bytes in use once everything that can go is gone. */
function heap(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

/** How many listen to an event of the database: Dexie counts them, its types do not. */
function subscribers(db: Dexie, name: 'ready' | 'close' | 'blocked' | 'versionchange'): number {
  return (db.on[name] as unknown as { readonly subscribers: readonly unknown[] }).subscribers.length
}

describe('ten thousand times started and stopped', () => {
  it('leaves nothing behind: no timer, listener, lock, channel, subscription or memory', async () => {
    const here = await journey()
    const { sync, tab, db, until, settled, device, backend } = here
    await settled()
    await until(sync.stop())
    const listeners = () => ({
      database: (['ready', 'close', 'blocked', 'versionchange'] as const).map((name) =>
        subscribers(db, name),
      ),
      process: process.eventNames().map((name) => [name, process.listenerCount(name)]),
    })
    const before = listeners()
    let settledHeap = 0
    for (let i = 1; i <= cycles; i++) {
      await cycle(here, depths[i % depths.length]!)
      const open = tab.open()
      if (Object.values(open).some((count) => count > 0))
        expect(open, `after cycle ${i}`).toEqual(nothingOpen)
      ;(backend.requests as unknown[]).length = 0
      if (i === cycles / 10) settledHeap = heap()
    }
    expect((heap() - settledHeap) / cycles, 'bytes kept by a cycle').toBeLessThan(200)
    expect(listeners()).toEqual(before)
    await until(sync.start())
    await db.posts.add({ title: 'still at work' })
    await settled()
    await expectSameRows(db, backend)
    await until(sync.stop())
    device.expectNothingLeft()
  }, 120_000)
})
