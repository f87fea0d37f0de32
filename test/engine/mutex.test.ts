import { describe, expect, it } from 'vitest'
import { Mutex } from '../../src/engine/mutex'

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('a mutex', () => {
  it('lets one in at a time, in the order of asking', async () => {
    const mutex = new Mutex()
    const story: string[] = []
    const task = (name: string) => () =>
      (async () => {
        story.push(`${name} in`)
        await turn()
        story.push(`${name} out`)
        return name
      })()
    const all = await Promise.all(['a', 'b', 'c'].map((name) => mutex.run(task(name))))
    expect(all).toEqual(['a', 'b', 'c'])
    expect(story).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
  })

  it('lets the next one in after a failure, and tells the failure to whom it belongs', async () => {
    const mutex = new Mutex()
    const failed = mutex.run(async () => {
      throw new Error('mine')
    })
    const next = mutex.run(async () => 'in')
    await expect(failed).rejects.toThrow('mine')
    expect(await next).toBe('in')
  })
})
