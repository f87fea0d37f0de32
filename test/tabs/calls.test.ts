import { describe, expect, it } from 'vitest'
import { SyncError, type SyncErrorCode } from '../../src/model/error'
import { type Calls, createCalls } from '../../src/tabs/calls'
import { sealed } from '../../src/tabs/messages'
import { type FakeTab, fakeDevice, nothingOpen } from '../support/fake-environment'

interface Member {
  readonly env: FakeTab
  readonly calls: Calls
  leads: boolean
  /** How it answers as leader. */
  answer: (what: string) => Promise<unknown>
}

function world() {
  const device = fakeDevice()
  const log: string[] = []

  function open(name: string, leads = false): Member {
    const env = device.tab()
    const member: Member = {
      env,
      leads,
      answer: async (what) => `${what} by ${name}`,
      calls: createCalls({
        env,
        channel: env.channel('app'),
        tab: name,
        isLeader: () => member.leads,
        answer(call, argument) {
          const what = argument === undefined ? call : `${call} ${argument}`
          log.push(`${name}: ${what}`)
          return member.answer(what)
        },
      }),
    }
    return member
  }

  /** The office moves on: the new leader says so to the others, and knows it itself. */
  function elect(member: Member, ...others: Member[]): void {
    for (const other of others) other.leads = false
    member.leads = true
    member.env.channel('app').post(sealed({ kind: 'leader', epoch: 2, from: 'new' }))
    member.calls.lead()
  }

  return { device, log, open, elect }
}

async function codeOf(promise: Promise<unknown>): Promise<SyncErrorCode | undefined> {
  try {
    await promise
    return undefined
  } catch (error) {
    return (error as SyncError).code
  }
}

describe('a call to the leader', () => {
  it('is answered in the tab that asked, wherever the leader is', async () => {
    const { device, log, open } = world()
    const [leader, follower] = [open('leader', true), open('follower')]
    open('bystander')
    expect(await device.until(follower.calls.call('syncTable', 'posts'))).toBe('syncTable posts by leader')
    expect(await device.until(leader.calls.call('push'))).toBe('push by leader')
    expect(log).toEqual(['leader: syncTable posts', 'leader: push'])
    expect(follower.env.open()).toMatchObject({ timers: 0 })
  })

  it('brings back the error of the leader, with code and words', async () => {
    const { device, open } = world()
    const [leader, follower] = [open('leader', true), open('follower')]
    const original = new SyncError('server-busy', {
      what: 'maintenance',
      status: 503,
      retryAfter: 9_000,
      table: 'posts',
    })
    leader.answer = () => Promise.reject(original)
    const failed = await device.until(follower.calls.call('pull').catch((error) => error))
    expect(failed).toBeInstanceOf(SyncError)
    expect(failed).not.toBe(original)
    const { code, message, status, retryAfter, table } = original
    expect(failed).toMatchObject({ code, message, status, retryAfter, table })
  })

  it('tells no more than the name of an error that is not ours, which the leader reports', async () => {
    const { device, open } = world()
    const [leader, follower] = [open('leader', true), open('follower')]
    const broken = new RangeError('secret row')
    leader.answer = () => Promise.reject(broken)
    const failed = await device.until(follower.calls.call('pull').catch((error) => error))
    expect(failed).toMatchObject({ code: 'storage-failed', message: expect.stringContaining('RangeError') })
    expect((failed as SyncError).message).not.toContain('secret')
    expect(leader.env.reports).toEqual([broken])
  })

  it('is done once, though messages are lost and doubled', async () => {
    const { device, log, open } = world()
    open('leader', true)
    const follower = open('follower')
    let sent = 0
    device.bus.fault = () => [0, 2, 0, 0, 1][sent++] ?? 1
    expect(await device.until(follower.calls.call('sync'))).toBe('sync by leader')
    expect(log).toEqual(['leader: sync'])
    expect(sent).toBeGreaterThan(4)
  })

  it('is asked of the next leader when the first one dies', async () => {
    const { device, log, open, elect } = world()
    const [first, second, follower] = [open('first', true), open('second'), open('follower')]
    first.answer = () => new Promise(() => {})
    const answer = follower.calls.call('sync')
    await device.advance(2_000)
    first.env.crash()
    elect(second, first)
    expect(await device.until(answer)).toBe('sync by second')
    expect(log).toEqual(['first: sync', 'second: sync'])
  })

  it('is done here when the tab that asked becomes leader', async () => {
    const { device, log, open, elect } = world()
    const follower = open('follower')
    const answer = follower.calls.call('sync')
    await device.advance(2_000)
    elect(follower)
    expect(await device.until(answer)).toBe('sync by follower')
    expect(log).toEqual(['follower: sync'])
  })

  it('goes on to the next leader when this one loses its office over it', async () => {
    const { device, log, open, elect } = world()
    const [first, second, follower] = [open('first', true), open('second'), open('follower')]
    first.answer = async () => {
      elect(second, first)
      throw new SyncError('no-leader')
    }
    const asked = [follower.calls.call('sync'), first.calls.call('push')]
    expect(await device.until(Promise.all(asked))).toEqual(['sync by second', 'push by second'])
    expect(log).toContain('first: push')
  })

  it('is waited for as long as the leader works on it, however long that is', async () => {
    const { device, open } = world()
    const [leader, follower] = [open('leader', true), open('follower')]
    leader.answer = () => new Promise((resolve) => void leader.env.timer(() => resolve('at last'), 300_000))
    expect(await device.until(follower.calls.call('sync'))).toBe('at last')
  })

  it('is rejected as no-leader after 30 s without a sign of one', async () => {
    const { device, open } = world()
    const follower = open('follower')
    const failed = codeOf(follower.calls.call('sync'))
    const before = device.now()
    expect(await device.until(failed)).toBe('no-leader')
    expect(device.now() - before).toBe(30_000)
    expect(follower.env.open()).toMatchObject({ timers: 0 })
  })

  it('is rejected as stopped by stop(), which leaves nothing behind', async () => {
    const { device, log, open } = world()
    const [leader, follower] = [open('leader', true), open('follower')]
    leader.answer = () => new Promise((resolve) => void leader.env.timer(() => resolve('late'), 1_000))
    const failed = codeOf(follower.calls.call('sync'))
    await device.settle()
    follower.calls.stop()
    leader.calls.stop()
    expect(await failed).toBe('stopped')
    expect(await codeOf(follower.calls.call('sync'))).toBe('stopped')
    await device.advance(1_000)
    expect([leader.env.open(), follower.env.open()]).toEqual(Array(2).fill({ ...nothingOpen, channels: 1 }))
    expect(log).toEqual(['leader: sync'])
  })

  it('is remembered by the leader for 60 s only', async () => {
    const { device, log, open } = world()
    open('leader', true)
    const raw = device.tab().channel('app')
    const heard: unknown[] = []
    raw.listen((message) => heard.push((message as { kind: string }).kind))
    const call = sealed({ kind: 'call', id: 'again', name: 'sync', from: 'raw' })
    raw.post(call)
    await device.advance(59_000)
    raw.post(call)
    await device.settle()
    expect(log).toHaveLength(1)
    await device.advance(1_000)
    raw.post(call)
    await device.settle()
    expect(log).toHaveLength(2)
    expect(heard).toEqual(['heard', 'answer', 'answer', 'heard', 'answer'])
  })
})
