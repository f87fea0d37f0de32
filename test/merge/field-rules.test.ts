import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conflictingFields } from '../../src/merge/conflicting-fields'
import { addUp } from '../../src/merge/counter'
import { type Merged, mergeField } from '../../src/merge/merge-field'
import { unite } from '../../src/merge/set-union'
import { mustAsk } from '../../src/merge/told'
import { conflictRules } from '../../src/model/conflict-options'
import type { ConflictOptions, FieldRule } from '../../src/model/conflict-rules'
import { rulesOf } from './edits'

describe('a counter', () => {
  const table: [string, unknown, unknown, unknown, number | undefined][] = [
    ['adds up what both added', 5, 6, 8, 9],
    ['counts two who added the same twice', 5, 6, 6, 7],
    ['takes away what either took', 5, 3, 6, 4],
    ['starts at 0 where there was none', undefined, 2, 3, 5],
    ['starts at 0 where it was empty', null, 2, 3, 5],
    ['is none where the device’s value is no number', 5, '6', 8, undefined],
    ['is none where the server’s value is no number', 5, 6, null, undefined],
    ['is none where the base was no number', 'x', 6, 8, undefined],
    ['is none where one side removed it', 5, undefined, 8, undefined],
    ['is none beyond what a number holds', 0, 1.7e308, 1.7e308, undefined],
    ['is none with NaN', 5, Number.NaN, 8, undefined],
  ]

  it.each(table)('%s', (_, base, local, remote, sum) => {
    expect(addUp(base, local, remote)).toBe(sum)
  })
})

describe('a union', () => {
  const table: [string, unknown, unknown, unknown, unknown[] | undefined][] = [
    ['has what either added, the server’s first', ['a'], ['a', 'm'], ['t', 'a'], ['t', 'a', 'm']],
    ['has not what either removed', ['a', 'b', 'c'], ['b', 'c'], ['a', 'c'], ['c']],
    ['has each value once', ['a'], ['a', 'x', 'x'], ['a', 'x', 'a'], ['a', 'x']],
    [
      'knows objects by what they hold',
      [{ id: 1 }],
      [{ id: 1 }, { id: 2 }],
      [{ id: 2 }, { id: 1 }],
      [{ id: 2 }, { id: 1 }],
    ],
    ['starts empty where there was none', undefined, ['a'], ['b'], ['b', 'a']],
    ['starts empty where it was null', null, ['a'], ['b'], ['b', 'a']],
    ['has not what was removed here and kept there', ['a', 'b'], ['a'], ['a', 'b', 't'], ['a', 't']],
    ['may become empty', ['a', 'b'], ['a'], ['b'], []],
    ['knows NaN', [Number.NaN], [Number.NaN, 1], [Number.NaN, 2], [Number.NaN, 2, 1]],
    ['is none where one is no list', ['a'], 'a', ['a'], undefined],
    ['is none where the server’s is no list', ['a'], ['a'], null, undefined],
    ['is none where the base was no list', 'a', ['a'], ['b'], undefined],
  ]

  it.each(table)('%s', (_, base, local, remote, union) => {
    expect(unite(base, local, remote)).toEqual(union)
  })

  it('has the same values whoever is called the server', () => {
    const list = fc.array(fc.nat(6), { maxLength: 6 })
    fc.assert(
      fc.property(list, list, list, (base, a, b) => {
        expect(unite(base, a, b)!.sort()).toEqual(unite(base, b, a)!.sort())
      }),
    )
  })
})

describe('the rule of a field', () => {
  const noon = Date.UTC(2030, 0, 1, 12)
  const merge = (
    rule: FieldRule | undefined,
    options: ConflictOptions,
    stamps: { readonly field?: number; readonly row?: number; readonly remote?: number } = {},
    told = {},
  ): Merged => {
    const stamp = (time: number) => ({ time, count: 0, node: 'a' })
    const localTimes = stamps.row && {
      row: stamp(stamps.row),
      fields: stamps.field ? { f: stamp(stamps.field) } : {},
    }
    const versions = {
      base: { f: 1 },
      local: { f: 2 },
      remote: { f: 4 },
      ...(localTimes && { localTimes }),
    }
    const rules = conflictRules({ ...options, ...(rule && { fields: { f: rule } }) })
    return mergeField('f', versions, rules, stamps.remote, told)
  }

  const byPolicy: [ConflictOptions['policy'], Merged][] = [
    ['server-wins', 'remote'],
    ['client-wins', 'local'],
    ['merge', 'local'],
    ['lww', 'remote'],
  ]

  it.each(byPolicy)('is the policy %s where there is none', (policy, side) => {
    expect(merge(undefined, { policy: policy! })).toBe(side)
    expect(merge(() => undefined, { policy: policy! })).toBe(side)
    expect(merge('set-union', { policy: policy! })).toBe(side)
  })

  it('goes before the policy', () => {
    expect(merge('client', { policy: 'server-wins' })).toBe('local')
    expect(merge('server', { policy: 'client-wins' })).toBe('remote')
    expect(merge('counter', { policy: 'server-wins' })).toEqual({ value: 5 })
    expect(merge(() => {}, { policy: 'server-wins' }, {}, { fields: { f: 'made' } })).toEqual({
      value: 'made',
    })
  })

  it.each([
    ['later here', { field: noon + 1, row: noon + 1, remote: noon }, 'local'],
    ['later there', { field: noon - 1, row: noon - 1, remote: noon }, 'remote'],
    ['at once', { field: noon, row: noon, remote: noon }, 'remote'],
    ['later here, but not this field', { field: noon - 1, row: noon + 1, remote: noon }, 'remote'],
    ['here at an unknown time', { remote: noon }, 'remote'],
    ['there at an unknown time', { field: noon, row: noon }, 'remote'],
  ] as const)('lww: changed %s', (_, stamps, side) => {
    expect(merge('lww', { policy: 'client-wins' }, stamps)).toBe(side)
    expect(merge(undefined, { policy: 'lww' }, stamps)).toBe(side)
  })

  it('is none for a field that is only called like something every object has', () => {
    const versions = { base: { constructor: 1 }, local: { constructor: 2 }, remote: { constructor: 3 } }
    const rules = rulesOf({ policy: 'server-wins' })
    expect(conflictingFields(versions as never, rules)).toEqual(['constructor'])
    expect(mustAsk(versions as never, ['constructor'], rules.conflicts)).toBe(false)
    expect(mergeField('constructor', versions as never, rules.conflicts, undefined, {})).toBe('remote')
  })
})
