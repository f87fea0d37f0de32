import { describe, expect, it } from 'vitest'
import { Lane } from '../../src/engine/lane'

/** A lane whose job ends when the test says so. */
function gated() {
  const started: number[] = []
  const ends: { resolve(value: number): void; reject(error: unknown): void }[] = []
  const lane = new Lane(
    () =>
      new Promise<number>((resolve, reject) => {
        started.push(started.length + 1)
        ends.push({ resolve, reject })
      }),
  )
  return { lane, started, ends }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('a lane', () => {
  it('runs its job for who asks, and tells what came of it', async () => {
    const { lane, started, ends } = gated()
    const first = lane.run()
    expect([started, lane.running]).toEqual([[1], first])
    ends[0]!.resolve(7)
    expect(await first).toBe(7)
    expect(lane.running).toBeUndefined()
  })

  it('gives all who ask while it runs the one run after', async () => {
    const { lane, started, ends } = gated()
    const first = lane.run()
    const [second, third] = [lane.run(), lane.run()]
    expect(started).toEqual([1])
    ends[0]!.resolve(1)
    await first
    await turn()
    expect(started).toEqual([1, 2])
    const fourth = lane.run()
    ends[1]!.resolve(2)
    expect(await Promise.all([second, third])).toEqual([2, 2])
    await turn()
    expect(started).toEqual([1, 2, 3])
    ends[2]!.resolve(3)
    expect(await fourth).toBe(3)
  })

  it('runs again after a failure, which only those hear who waited for it', async () => {
    const { lane, ends } = gated()
    const first = lane.run()
    const second = lane.run()
    ends[0]!.reject(new Error('no'))
    await expect(first).rejects.toThrow('no')
    await turn()
    ends[1]!.resolve(2)
    expect(await second).toBe(2)
  })

  it('is idle when nothing runs and nothing is asked for, whatever became of it', async () => {
    const { lane, ends } = gated()
    await lane.idle()
    const first = lane.run()
    const second = lane.run()
    let idle = false
    const waited = lane.idle().then(() => {
      idle = true
    })
    ends[0]!.reject(new Error('no'))
    await first.catch(() => undefined)
    await turn()
    expect(idle).toBe(false)
    ends[1]!.resolve(2)
    await second
    await waited
    expect(idle).toBe(true)
  })
})
