import { describe, expect, it } from 'vitest'
import { checkConflicts, checkRules, conflictRules } from '../../src/model/conflict-options'
import type { ConflictOptions } from '../../src/model/conflict-rules'
import { isSyncError } from '../../src/model/error'

function complaint(run: () => void): string | undefined {
  try {
    run()
  } catch (error) {
    if (isSyncError(error) && error.code === 'bad-config') return error.message
    throw error
  }
  return undefined
}

describe('options of conflicts', () => {
  const good: ConflictOptions[] = [
    {},
    { policy: 'park', onDelete: 'delete-wins', timeout: 1, clock: 'at' },
    { policy: 'custom', onConflict: ({ remote }) => remote },
    { fields: { a: 'counter', b: 'lww', c: () => 1 }, clock: () => new Date() },
    { policy: 'lww', granularity: 'row' },
  ]

  it.each(good)('%j are taken', (options) => {
    expect(complaint(() => checkConflicts(options, 'conflicts'))).toBeUndefined()
  })

  const bad: [unknown, string][] = [
    [[], 'conflicts must be an object'],
    ['merge', 'conflicts must be an object'],
    [null, 'conflicts must be an object'],
    [
      { policy: 'mine' },
      'conflicts.policy must be one of server-wins, client-wins, lww, merge, custom, park',
    ],
    [{ onDelete: 'never' }, 'conflicts.onDelete must be one of'],
    [{ onConflict: 'local' }, 'conflicts.onConflict must be a function'],
    [{ timeout: 0 }, 'conflicts.timeout must be a number of milliseconds above 0'],
    [{ timeout: Number.NaN }, 'conflicts.timeout must be'],
    [{ clock: '' }, 'conflicts.clock must be a field or a function'],
    [{ granularity: 'cell' }, 'conflicts.granularity must be one of field, row'],
    [{ fields: 'a' }, 'conflicts.fields must be an object'],
    [{ fields: [] }, 'conflicts.fields must be an object'],
    [
      { fields: { tags: 'union' } },
      'conflicts.fields.tags must be one of client, server, counter, set-union, lww, or a function',
    ],
    [{ polizy: 'merge' }, 'conflicts.polizy is no option; known are policy'],
    // What contradicts itself (H3).
    [{ policy: 'park', fields: { tags: 'client' } }, 'conflicts.fields.tags has no say: the policy park'],
    [{ policy: 'custom', fields: { tags: 'client' } }, 'conflicts.fields.tags has no say: the policy custom'],
    [
      { policy: 'lww', granularity: 'row', fields: { tags: 'client' } },
      "conflicts.fields.tags has no say with granularity 'row'",
    ],
    [
      { granularity: 'row' },
      "conflicts.granularity 'row' is for server-wins, client-wins, lww; the policy is merge",
    ],
    [{ policy: 'custom', granularity: 'row' }, "conflicts.granularity 'row' is for"],
  ]

  it.each(bad)('%j: names what is wrong', (options, says) => {
    expect(complaint(() => checkConflicts(options, 'conflicts'))).toContain(says)
  })

  it('of a route are judged with what it inherits', () => {
    const check = (own: ConflictOptions, all: ConflictOptions) =>
      complaint(() => checkConflicts(own, 'routes.a.conflicts', all))
    expect(check({ fields: { f: 'client' } }, { policy: 'park' })).toContain(
      'routes.a.conflicts.fields.f has no say',
    )
    expect(check({ granularity: 'row' }, { policy: 'lww' })).toBeUndefined()
    expect(check({ fields: { f: 'client' } }, { policy: 'lww', granularity: 'row' })).toContain('fields.f')
    expect(check({ policy: 'merge', fields: { f: 'client' } }, { policy: 'park' })).toBeUndefined()
  })
})

describe('the rules of a table', () => {
  it('have a default for everything', () => {
    expect(conflictRules()).toEqual({ policy: 'merge', fields: {}, timeout: 10_000, granularity: 'field' })
  })

  it('are its own, then those of all, field by field', () => {
    const onConflict = () => null
    const all: ConflictOptions = {
      policy: 'lww',
      fields: { a: 'client', b: 'client' },
      timeout: 5,
      onConflict,
    }
    const own: ConflictOptions = { policy: 'server-wins', fields: { b: 'server' }, onDelete: 'park' }
    expect(conflictRules(all, own, 'at')).toEqual({
      policy: 'server-wins',
      fields: { a: 'client', b: 'server' },
      onDelete: 'park',
      onConflict,
      timeout: 5,
      clock: 'at',
      granularity: 'field',
    })
  })

  it('inherit nothing that their own policy has no use for', () => {
    const all: ConflictOptions = { policy: 'lww', fields: { a: 'client' } }
    expect(conflictRules(all, { policy: 'park' }).fields).toEqual({})
    expect(conflictRules(all, { granularity: 'row' }).fields).toEqual({})
    expect(conflictRules({ policy: 'lww', granularity: 'row' }, { policy: 'merge' }).granularity).toBe(
      'field',
    )
  })

  it('take the clock that is named before the usual one', () => {
    expect(conflictRules({ clock: 'a' }, { clock: 'b' }, 'c').clock).toBe('b')
    expect(conflictRules({ clock: 'a' }, {}, 'c').clock).toBe('a')
  })

  it('need a resolver for custom and a clock for lww', () => {
    const check = (options: ConflictOptions) =>
      complaint(() => checkRules(conflictRules(options), 'routes.a.conflicts'))
    expect(check({ policy: 'custom' })).toContain('routes.a.conflicts.onConflict is missing')
    expect(check({ policy: 'custom', onConflict: () => null })).toBeUndefined()
    expect(check({ policy: 'lww' })).toContain('routes.a.conflicts.clock is missing')
    expect(check({ fields: { f: 'lww' } })).toContain('routes.a.conflicts.clock is missing')
    expect(check({ policy: 'lww', clock: 'at' })).toBeUndefined()
    expect(check({ policy: 'merge' })).toBeUndefined()
  })
})
