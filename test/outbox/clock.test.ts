import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareStamps, type Stamp } from '../../src/model/stamp'
import { Clock } from '../../src/outbox/clock'

const day = 24 * 3600_000
const minutes = 60_000

/** A clock on a device whose own can be set. */
function clockAt(start: number, node = 'a') {
  const device = { time: start, passed: 0 }
  const clock = new Clock({
    now: () => device.time,
    monotonic: () => device.passed,
    uuid: () => node.repeat(36),
  })
  return { device, clock }
}

describe('the clock of a tab', () => {
  it('stamps with the time of the device, and counts within one ms', () => {
    const { device, clock } = clockAt(1000)
    const stamps = [clock.stamp(), clock.stamp()]
    device.time = 1001
    stamps.push(clock.stamp())
    const node = 'aaaaaaaa'
    expect(stamps).toEqual([
      { time: 1000, count: 0, node },
      { time: 1000, count: 1, node },
      { time: 1001, count: 0, node },
    ])
  })

  it('is not set back with the clock of the device', () => {
    const { device, clock } = clockAt(5 * day)
    const before = clock.stamp()
    device.time -= day
    expect(compareStamps(before, clock.stamp())).toBeLessThan(0)
  })

  it('is later than what it has seen', () => {
    const { clock } = clockAt(1000)
    clock.observe(3000)
    expect(compareStamps(clock.stamp(), { time: 3000, count: 0, node: 'z' })).toBeGreaterThan(0)
  })

  it('is pulled ahead by five minutes at most', () => {
    const { clock } = clockAt(1000)
    clock.observe(Date.UTC(2099, 0, 1))
    expect(clock.stamp().time).toBe(1000 + 5 * minutes)
  })

  it('goes by the time of the server, half a second after what its header says', () => {
    const { device, clock } = clockAt(10 * day)
    clock.correct(9 * day, 10 * day, 10 * day + 200)
    expect(clock.memory.offset).toBe(-day + 400)
    device.time += 1000
    expect(clock.stamp().time).toBe(9 * day + 1400)
  })

  it('goes on from there while the device is set back', () => {
    const { device, clock } = clockAt(10 * day)
    clock.correct(10 * day, 10 * day, 10 * day)
    device.time -= day
    device.passed += minutes
    expect(clock.stamp()).toMatchObject({ time: 10 * day + minutes, count: 0 })
  })

  it('does not follow what a slow answer or a header of whole seconds can explain', () => {
    const { clock } = clockAt(day)
    clock.correct(day + 2000, day, day + 2500)
    clock.correct(day - 500, day, day)
    clock.correct(5 * day, day, day - 1) // the device's clock was set while it was on its way
    expect(clock.memory.offset).toBe(0)
  })

  it('takes back what it stamped too late, once the server has shown so', () => {
    const { clock } = clockAt(day)
    expect(clock.stamp().time).toBe(day)
    clock.correct(0, day, day)
    expect(clock.stamp().time).toBe(500 + 5 * minutes)
  })

  it('knows what another tab knew', () => {
    const { clock } = clockAt(day)
    clock.correct(3 * day, day, day)
    clock.observe(3 * day + minutes)
    const other = clockAt(day, 'b').clock
    other.restore(clock.memory)
    expect(compareStamps(clock.stamp(), { time: 3 * day + minutes, count: 0, node: '' })).toBeGreaterThan(0)
    expect(other.memory).toEqual({ offset: clock.memory.offset, seen: 3 * day + minutes, corrections: 1 })
  })

  it('takes back what it stamped too late also where another tab has heard the server', () => {
    const { clock } = clockAt(5 * day)
    clock.stamp()
    clock.restore({ offset: -day, seen: 0, corrections: 1 })
    expect(clock.stamp().time).toBeLessThanOrEqual(4 * day + 5 * minutes)
  })

  it('does not unlearn what the server has told by what was kept before', () => {
    const { device, clock } = clockAt(5 * day)
    clock.correct(4 * day, 5 * day, 5 * day)
    const { memory } = clock
    device.time += day // set forward
    clock.correct(4 * day + minutes, 6 * day, 6 * day)
    clock.restore(memory)
    expect(clock.stamp().time).toBe(4 * day + minutes + 500)
  })

  it('takes from another tab that the server was heard wrong here', () => {
    const { clock } = clockAt(day)
    const other = clockAt(day, 'b').clock
    clock.correct(400 * day, day, day)
    other.restore(clock.memory)
    other.correct(day, day, day)
    clock.restore(other.memory)
    expect(clock.stamp().time).toBe(day + 500)
  })

  it('never goes back and never falls below what it saw, whatever the device does', () => {
    const step = fc.record({ jump: fc.integer({ min: -day, max: day }), seen: fc.nat(2 * day) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { device, clock } = clockAt(2 * day)
        let last = clock.stamp()
        for (const { jump, seen } of steps) {
          device.time += jump
          clock.observe(seen)
          const next = clock.stamp()
          expect(compareStamps(last, next)).toBeLessThan(0)
          if (seen <= device.time) expect(next.time).toBeGreaterThanOrEqual(seen)
          last = next
        }
      }),
    )
  })
})

describe('the order of stamps', () => {
  const stamp: fc.Arbitrary<Stamp> = fc.record({
    time: fc.oneof(fc.nat(3), fc.double({ noNaN: true, min: 0, max: 3 })),
    count: fc.nat(2),
    node: fc.constantFrom('a', 'b', '~'),
  })

  it('is total', () => {
    fc.assert(
      fc.property(stamp, stamp, stamp, (a, b, c) => {
        const [ab, ba, bc, ac] = [
          compareStamps(a, b),
          compareStamps(b, a),
          compareStamps(b, c),
          compareStamps(a, c),
        ]
        expect(Math.sign(ab)).toBe(-Math.sign(ba) || 0)
        if (ab === 0) expect([a.time, a.count, a.node]).toEqual([b.time, b.count, b.node])
        if (ab <= 0 && bc <= 0) expect(ac).toBeLessThanOrEqual(0)
      }),
    )
  })
})
