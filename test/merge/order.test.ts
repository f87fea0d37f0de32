import { describe, expect, it } from 'vitest'
import { compareOrder, isOlder } from '../../src/merge/order'

const noon = '2030-01-01T12:00:00'

describe('the order of two rows of one record', () => {
  const older: [string, unknown, unknown][] = [
    ['versions', 2, 10],
    ['versions as text', '2', '10'],
    ['a version and one as text', 2, '10'],
    ['versions too long for a number', '9007199254740993', '9007199254740994'],
    ['long versions of different length', '9007199254740993', '18014398509481984'],
    ['a short version and a long one as text', '7', '18014398509481984'],
    ['times in ms', 1_000, 2_000],
    ['times as text', `${noon}Z`, `${noon}.001Z`],
    ['times in different zones', `${noon}+02:00`, `${noon}Z`],
    ['microseconds of one millisecond', `${noon}.123456Z`, `${noon}.123789Z`],
    ['microseconds written shorter', `${noon}.1234Z`, `${noon}.12345Z`],
    ['a date and a time as text', new Date(`${noon}Z`), `${noon}.001Z`],
    ['texts', 'a', 'b'],
    ['a version and a long one as text', 7, '18014398509481984'],
  ]

  it.each(older)('knows the older of two %s', (_, a, b) => {
    expect(isOlder(a, b)).toBe(true)
    expect(isOlder(b, a)).toBe(false)
    expect(compareOrder(a, b)).toBeLessThan(0)
    expect(compareOrder(b, a)).toBeGreaterThan(0)
  })

  const equal: [string, unknown, unknown][] = [
    ['versions', 7, '7'],
    ['times written differently', `${noon}Z`, `${noon}.000000Z`],
    ['times in different zones', `${noon}+02:00`, '2030-01-01T10:00:00Z'],
    ['a time with a space', `${noon}Z`, '2030-01-01 12:00:00Z'],
    ['a date and its ms', new Date(5), 5],
  ]

  it.each(equal)('holds two %s for the same', (_, a, b) => {
    expect(compareOrder(a, b)).toBe(0)
    expect([isOlder(a, b), isOlder(b, a)]).toEqual([false, false])
  })

  it('says nothing of a number and a text that is none', () => {
    expect([compareOrder(5, 'abc'), compareOrder('abc', '5')]).toEqual([null, null])
  })

  it.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY, {}, [], true, new Date(Number.NaN)])(
    'says nothing where one of them is %s',
    (value) => {
      expect([compareOrder(value, 1), compareOrder(1, value)]).toEqual([null, null])
      expect([isOlder(value, 1), isOlder(1, value)]).toEqual([false, false])
    },
  )
})
