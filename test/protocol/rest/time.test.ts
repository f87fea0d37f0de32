import { describe, expect, it } from 'vitest'
import { earlier, orderOf } from '../../../src/protocol/rest/time'

describe('ten seconds earlier, in the form of the server', () => {
  it.each([
    [1_700_000_000_000, 1_699_999_990_000],
    ['1700000000000', '1699999990000'],
    [3, 0],
    ['2024-01-01T00:00:05.123Z', '2023-12-31T23:59:55.123Z'],
    ['2024-01-01T00:00:05Z', '2023-12-31T23:59:55Z'],
    ['2024-01-01T00:00:05.123456Z', '2023-12-31T23:59:55.123000Z'],
    ['2024-01-01T00:00:05.5Z', '2023-12-31T23:59:55.5Z'],
    ['2024-01-01T00:00:05.123+02:00', '2023-12-31T23:59:55.123+02:00'],
    ['2024-01-01 00:00:05.123456+00', '2023-12-31 23:59:55.123000+00'],
    ['2024-01-01 00:00:05', '2023-12-31 23:59:55'],
    ['2024-01-01T00:00', '2023-12-31T23:59'],
    ['2024-01-01', '2023-12-31'],
  ])('than %s is %s', (value, before) => {
    expect(earlier(value, 10_000)).toBe(before)
    expect(earlier(value, 0)).toBe(value)
  })
})

describe('the place of a value in an order', () => {
  it('is finer than a millisecond where the server is', () => {
    const at = (text: string) => orderOf(text) ?? 0
    expect(at('2024-01-01T00:00:00.123457Z')).toBeGreaterThan(at('2024-01-01T00:00:00.123456Z'))
    expect(at('2024-01-01T00:00:00Z')).toBe(at('2024-01-01T00:00:00.000Z'))
    expect(at('2024-01-01T02:00:00+02:00')).toBe(at('2024-01-01T00:00:00Z'))
    expect(at('2024-01-01 00:00:00')).toBe(at('2024-01-01T00:00:00Z'))
  })

  it.each([
    undefined,
    null,
    '',
    'yesterday',
    'v7',
    {},
    [],
    true,
    Number.NaN,
    '2024-13-01',
    new Date(Number.NaN),
  ])('%j has none', (value) => {
    expect(orderOf(value)).toBeUndefined()
  })
})
