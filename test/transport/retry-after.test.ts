import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { longestPause, parseHttpDate, parseRetryAfter } from '../../src/transport/retry-after'

const now = Date.UTC(1994, 10, 6, 8, 49, 37)

describe('Retry-After (C7, S14)', () => {
  it.each([
    ['120', 120_000],
    [' 7 ', 7000],
    ['0', 0],
    ['99999999999999999999', longestPause],
    ['Sun, 06 Nov 1994 08:50:37 GMT', 60_000],
    ['Sunday, 06-Nov-94 08:50:37 GMT', 60_000],
    ['Sun Nov  6 08:50:37 1994', 60_000],
    ['Sun, 06 Nov 1994 08:00:00 GMT', 0],
    ['Thu, 31 Dec 2099 23:59:59 GMT', longestPause],
    ['Thursday, 31-Dec-43 23:59:59 GMT', longestPause],
    ['Sunday, 06-Nov-60 08:49:37 GMT', 0],
  ])('%s', (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms)
  })

  it.each([
    null,
    '',
    '-5',
    '1.5',
    '1e3',
    'soon',
    '10, 20',
    '2024-01-01',
    'Sun, 06 Nov 1994',
    'Sun, 06 Foo 1994 08:49:37 GMT',
    'Sun, 32 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 25:49:37 GMT',
  ])('ignores %s', (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined()
  })

  it('measures a date by the clock of the server, whatever the device believes', () => {
    const header = 'Sun, 06 Nov 1994 08:50:37 GMT'
    const date = 'Sun, 06 Nov 1994 08:49:37 GMT'
    expect(parseRetryAfter(header, now + 86_400_000, date)).toBe(60_000)
    expect(parseRetryAfter(header, now, 'nonsense')).toBe(60_000)
  })

  it('answers between nothing and an hour for every text', () => {
    const date = fc.date({ noInvalidDate: true }).map((each) => each.toUTCString())
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.nat().map(String), date), fc.nat(), (header, at) => {
        const ms = parseRetryAfter(header, at)
        expect(ms === undefined || (ms >= 0 && ms <= longestPause)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('reads back every date it is written from', () => {
    const range = { min: new Date(0), max: new Date(Date.UTC(9999, 0)), noInvalidDate: true }
    fc.assert(
      fc.property(fc.date(range), (date) => {
        expect(parseHttpDate(date.toUTCString(), now)).toBe(Math.floor(date.getTime() / 1000) * 1000)
      }),
    )
  })
})
