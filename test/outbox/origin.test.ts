import { beforeEach, describe, expect, it } from 'vitest'
import type { Reason } from '../../src/model/outcome'
import { isAway, Origin } from '../../src/outbox/origin'

const trouble: Reason = { code: 'server-failed', status: 500, at: 0 }
const seconds = 1_000

let now: number
let origin: Origin
/** 1 s after the first failure, 2 s after the second, and so on. */
const begin = () => new Origin(() => now, { own: (failures) => (failures + 1) * seconds, asked: (ms) => ms })

beforeEach(() => {
  now = 1_000_000
  origin = begin()
})

describe('a server that comes back', () => {
  it('gets 1, 2, 4 … requests at once, never more than are wanted', () => {
    expect(origin.places(3)).toBe(3)
    origin.failed(trouble)
    const rounds: number[] = []
    for (let places = origin.places(20); rounds.length < 6; places = origin.places(20)) {
      rounds.push(places)
      for (let i = 0; i < places; i++) origin.answeredWell()
    }
    expect(rounds).toEqual([1, 2, 4, 8, 16, 20])
    expect(origin.places(3)).toBe(3)
    origin.failed(trouble)
    expect(origin.places(3)).toBe(1)
  })

  it('gets one at first after a reload too', () => {
    const again = begin()
    origin.failed(trouble)
    again.restore(origin.memory)
    expect(again.places(5)).toBe(1)
  })

  it('has room for any number once it is well', () => {
    origin.failed(trouble)
    for (let i = 0; i < 63; i++) origin.answeredWell()
    expect(origin.places(5_000)).toBe(5_000)
  })
})

describe('a server that is away', () => {
  it('may be asked at first', () => {
    expect([origin.wait, origin.probing, origin.trouble]).toEqual([0, false, undefined])
  })

  it('is left alone longer after each failure in a row, and then asked by one probe', () => {
    origin.failed(trouble)
    expect([origin.wait, origin.probing, origin.trouble]).toEqual([1 * seconds, true, trouble])
    now += 1 * seconds
    expect(origin.wait).toBe(0)
    origin.failed(trouble)
    expect(origin.wait).toBe(2 * seconds)
  })

  it('is well again after one good answer', () => {
    origin.failed(trouble, 60 * seconds)
    origin.answeredWell()
    expect([origin.wait, origin.probing, origin.trouble]).toEqual([0, false, undefined])
    origin.failed(trouble)
    expect(origin.wait).toBe(1 * seconds)
  })

  it('stays away, whatever it answers to what it was asked before', () => {
    const asked = origin.setbacks
    origin.failed(trouble, 60 * seconds)
    origin.answeredWell(asked)
    expect([origin.wait, origin.probing, origin.trouble]).toEqual([60 * seconds, true, trouble])
    now += 60 * seconds
    origin.answeredWell(origin.setbacks)
    expect(origin.probing).toBe(false)
  })

  it('is left alone as long as it asks, if that is longer', () => {
    origin.failed(trouble, 90 * seconds)
    expect(origin.wait).toBe(90 * seconds)
    now += 30 * seconds
    origin.failed(trouble, 5 * seconds)
    expect(origin.wait).toBe(60 * seconds)
  })

  it('is asked at once when somebody hurries, unless it has asked for the pause itself', () => {
    origin.failed(trouble)
    origin.hurry()
    expect([origin.wait, origin.probing]).toEqual([0, true])
    origin.failed(trouble, 90 * seconds)
    origin.hurry()
    expect(origin.wait).toBe(90 * seconds)
  })

  it('forgets when it wanted to be asked again where the clock has been set back: that time would come a day later', () => {
    now = 2 * 86_400 * seconds
    origin.failed(trouble, 3600 * seconds)
    now -= 86_400 * seconds
    expect(origin.wait).toBe(0)
    origin.failed(trouble)
    expect(origin.wait).toBe(2 * seconds)
  })

  it('is remembered over a reload', () => {
    origin.failed(trouble, 90 * seconds)
    const { memory } = origin
    origin = begin()
    origin.restore(structuredClone(memory))
    expect([origin.wait, origin.probing]).toEqual([90 * seconds, true])
    now += 90 * seconds
    origin.failed(trouble)
    expect(origin.wait).toBe(2 * seconds)
  })
})

describe('a failed answer counts against its change', () => {
  it('while the server answers others well', () => {
    expect(origin.failedRequest(trouble)).toBe(true)
    expect([origin.wait, origin.probing]).toEqual([0, false])
    origin.answeredWell()
    expect(origin.failedRequest(trouble)).toBe(true)
    expect(origin.wait).toBe(0)
  })

  it('not when the answer before was a failure too: the server as a whole is paused instead', () => {
    origin.failedRequest(trouble)
    expect(origin.failedRequest(trouble)).toBe(false)
    expect([origin.wait, origin.probing, origin.trouble]).toEqual([1 * seconds, true, trouble])
  })

  it('when it was the lone probe after the pause', () => {
    origin.failedRequest(trouble)
    origin.failedRequest(trouble)
    now += 1 * seconds
    expect(origin.failedRequest(trouble)).toBe(true)
    expect(origin.wait).toBe(2 * seconds)
  })
})

describe('a failure that says the server as a whole is away', () => {
  it.each(['network-failed', 'timeout', 'offline', 'server-busy', 'intercepted'] as const)('%s', (code) => {
    expect(isAway(code)).toBe(true)
  })

  it.each(['server-failed', 'rejected', 'auth-required', 'bad-answer', 'user-code-failed'] as const)(
    'is not %s',
    (code) => {
      expect(isAway(code)).toBe(false)
    },
  )
})
