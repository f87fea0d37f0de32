import { describe, expect, it } from 'vitest'
import { isLater, remoteTime, timeOf } from '../../src/merge/later'

const noon = Date.UTC(2030, 0, 1, 12)

describe('the time of a server’s row', () => {
  const table: [string, unknown, number | undefined][] = [
    ['ISO text', '2030-01-01T12:00:00Z', noon],
    ['ISO text of another zone', '2030-01-01T14:00:00+02:00', noon],
    ['ISO text without a zone, which is UTC', '2030-01-01T12:00:00', noon],
    ['microseconds of PostgreSQL', '2030-01-01 12:00:00.000500+00', noon + 0.5],
    ['a Date', new Date(noon), noon],
    ['ms', noon, noon],
    ['ms as text', String(noon), noon],
    ['seconds, which are none', noon / 1000, undefined],
    ['a counter, which is none', 42, undefined],
    ['a counter as text', '42', undefined],
    ['another text', 'yesterday', undefined],
    ['an invalid Date', new Date(Number.NaN), undefined],
    ['nothing', undefined, undefined],
    ['null', null, undefined],
    ['Infinity', Number.POSITIVE_INFINITY, undefined],
  ]

  it.each(table)('%s', (_, value, time) => {
    expect(timeOf(value)).toBe(time)
    expect(remoteTime({ at: value }, 'at')).toBe(time)
  })

  it('is that of the first field that holds one', () => {
    expect(remoteTime({ b: noon, c: noon + 1 }, ['a', 'b', 'c'])).toBe(noon)
    expect(remoteTime({ a: 7, b: noon }, ['a', 'b'])).toBe(noon)
  })

  it('is unknown for a row that is gone, without a clock, and for a function, which is asked elsewhere', () => {
    expect(remoteTime(null, 'at')).toBeUndefined()
    expect(remoteTime({ at: noon }, undefined)).toBeUndefined()
    expect(remoteTime({ at: noon }, () => noon)).toBeUndefined()
  })
})

describe('the later one', () => {
  const stamp = (time: number, count = 0) => ({ time, count, node: 'f' })

  it('is ours when it was stamped after it, by time or by count', () => {
    expect(isLater(stamp(noon + 1), noon)).toBe(true)
    expect(isLater(stamp(noon, 1), noon)).toBe(true)
  })

  it('is the server’s at one time, on every device', () => {
    expect(isLater(stamp(noon), noon)).toBe(false)
    expect(isLater(stamp(noon), noon + 0.5)).toBe(false)
  })

  it('is unknown where one of the times is', () => {
    expect([isLater(undefined, noon), isLater(stamp(noon), undefined)]).toEqual([undefined, undefined])
  })
})
