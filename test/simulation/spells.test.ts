import { describe, expect, it } from 'vitest'
import { prng } from './prng'
import { spellAt, swizzle } from './spells'

describe('spells', () => {
  it.each([1, 2, 3])('stop %i devices one by one and let all of them go', (devices) => {
    const spells = swizzle(prng(7, 'weather'), devices)
    expect(spells.map(({ device }) => device)).toEqual([...Array(devices).keys()])
    for (const { device, from, until } of spells) {
      expect(until).toBeGreaterThan(from)
      expect(spellAt(spells, 'clog', device, from)).toBeDefined()
      expect(spellAt(spells, 'clog', device, until)).toBeUndefined()
      expect(spellAt(spells, 'portal', device, from)).toBeUndefined()
    }
    expect(new Set(spells.map(({ until }) => until)).size).toBe(devices)
  })
})
