import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { doublingDelay, fullJitter, pastAsked, withJitter } from '../../src/push/backoff'

describe('the wait between two attempts', () => {
  it('doubles from one second to one minute', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 1_000].map(doublingDelay)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000,
    ])
  })

  it.each([
    [1_000, 0, 500],
    [1_000, 0.5, 750],
    [1_000, 0.999999, 1_000],
    [0, 0.5, 0],
    [-5, 0.5, 0],
    [Number.NaN, 0.5, 0],
    [Number.POSITIVE_INFINITY, 0.5, 0],
  ])('of %d ms with chance %d is %d ms', (delay, random, wait) => {
    expect(withJitter(delay, random)).toBe(wait)
  })

  it('is at least half of what was meant, and never more', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (delay, random) => {
        const wait = withJitter(delay, random)
        expect(wait).toBeGreaterThanOrEqual(Math.floor(delay / 2))
        expect(wait).toBeLessThanOrEqual(delay)
      }),
    )
  })
})

describe('a server that is away', () => {
  it.each([
    [1_000, 0, 500],
    [1_000, 0.5, 500],
    [60_000, 0.001, 500],
    [60_000, 0.999999, 60_000],
    [50, 0, 25],
    [0, 0.5, 0],
    [-5, 0.5, 0],
    [Number.NaN, 0.5, 0],
    [Number.POSITIVE_INFINITY, 0.5, 0],
  ])('is left alone, of %d ms with chance %d, for %d ms', (delay, random, wait) => {
    expect(fullJitter(delay, random)).toBe(wait)
  })

  it.each([
    [0, 0.9, 0],
    [10_000, 0, 10_000],
    [10_000, 0.5, 10_500],
    [3_600_000, 0.999999, 3_615_000],
  ])('and has asked for %d ms is left alone, with chance %d, for %d ms', (asked, random, wait) => {
    expect(pastAsked(asked, random)).toBe(wait)
  })
})
