import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { browserEnvironment } from '../../src/environment'
import { strongRandom, strongUuid, uuidFromBytes } from '../../src/environment-random'

describe('the environment of a process without a page', () => {
  afterEach(() => vi.useRealTimers())

  it('leaves no listener and does not keep the process alive, whatever is left open', async () => {
    const script = `
      import { browserEnvironment } from './src/environment'
      const before = process.eventNames().sort().join()
      const env = browserEnvironment()
      const one = env.channel('app'), two = env.channel('app')
      const said = []
      env.timer(() => said.push('too late'), 600000)
      two.listen((message) => said.push(message))
      const elected = new Promise((resolve) => one.elect(resolve, () => said.push('lost')))
      two.elect(() => said.push('two leaders'), () => {})
      await elected
      one.post('hello')
      await new Promise((resolve) => setTimeout(resolve, 50))
      console.log(JSON.stringify({ said, same: before === process.eventNames().sort().join() }))`
    const run = ['--import', 'tsx', '--input-type=module', '-e', script]
    const node = promisify(execFile)(process.execPath, run, { timeout: 20_000 })
    expect(JSON.parse((await node).stdout)).toEqual({ said: ['hello'], same: true })
  })

  it('has a timeline, on which a mark may be missing, and no word on storage', () => {
    const env = browserEnvironment()
    env.mark?.('observe:start')
    env.measure?.('observe', 'observe:start')
    env.measure?.('never', 'never:start')
    expect(performance.getEntriesByName('observe', 'measure')).toHaveLength(1)
    expect(performance.getEntriesByName('never')).toEqual([])
    performance.clearMarks()
    performance.clearMeasures()
    expect(env.storageEstimate).toBeUndefined()
  })

  it('is online and visible, and nothing ever happens to it', () => {
    const env = browserEnvironment()
    expect([env.isOnline(), env.isVisible(), env.development]).toEqual([true, true, true])
    expect(() => env.lifecycle(() => {})()).not.toThrow()
  })

  it('hands the office on when the leading channel closes', async () => {
    const env = browserEnvironment()
    const [first, second] = [env.channel('handing on'), env.channel('handing on')]
    await new Promise<void>((resolve) => first.elect(resolve, () => {}))
    const next = new Promise<void>((resolve) => second.elect(resolve, () => {}))
    await first.close()
    await next
    await second.close()
  })

  it('is silent after a channel was closed', async () => {
    const env = browserEnvironment()
    const channel = env.channel('closed')
    await channel.close()
    expect(() => channel.post('anybody?')).not.toThrow()
  })

  it('runs a timer once, after longer than browsers can count, and never when cancelled', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const env = browserEnvironment()
    const ran: string[] = []
    const month = 30 * 24 * 3_600_000
    env.timer(() => ran.push('month'), month)
    env.timer(() => ran.push('cancelled'), month - 1)()
    env.timer(() => ran.push('past'), -5)
    vi.advanceTimersByTime(month - 1)
    expect(ran).toEqual(['past'])
    vi.advanceTimersByTime(1)
    expect(ran).toEqual(['past', 'month'])
  })

  it('passes requests to the fetch of the moment', async () => {
    const original = globalThis.fetch
    globalThis.fetch = async () => new Response('replaced later')
    try {
      const answer = await browserEnvironment().fetch(new Request('http://localhost/'))
      expect(await answer.text()).toBe('replaced later')
    } finally {
      globalThis.fetch = original
    }
  })
})

describe('strong random', () => {
  it('draws numbers from 0 to 1 with more than 32 bits', () => {
    const numbers = Array.from({ length: 200 }, strongRandom)
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
    expect(numbers.some((number) => (number * 2 ** 32) % 1 !== 0)).toBe(true)
    expect(new Set(numbers).size).toBe(200)
  })

  it('makes version 4 UUIDs, with and without randomUUID', () => {
    const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    expect(strongUuid()).toMatch(form)
    expect(uuidFromBytes(new Uint8Array(16).fill(255))).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff')
    expect(uuidFromBytes(new Uint8Array(16))).toMatch(form)
  })
})
