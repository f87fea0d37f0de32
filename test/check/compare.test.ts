import { describe, expect, it } from 'vitest'
import { compare } from '../../src/check/compare'
import { refusalOf } from '../../src/check/refusal'
import type { Row } from '../../src/model/change'

const row = { id: 1, text: 'x', at: 5 }
const rules = { serverFields: ['rev'], orderField: 'at' }

const cases: readonly (readonly [
  name: string,
  local: Row | null,
  remote: Row | null,
  found: object | undefined,
])[] = [
  ['the same', row, { ...row }, undefined],
  ['nothing on either side', null, null, undefined],
  [
    'a date and its text',
    { ...row, due: new Date(0) },
    { ...row, due: '1970-01-01T00:00:00.000Z' },
    undefined,
  ],
  ['undefined and missing', { ...row, due: undefined }, row, undefined],
  ['a field of the server', { ...row, rev: 1 }, { ...row, rev: 2 }, undefined],
  ['a file', { ...row, file: new Blob([]) }, { ...row, file: 'url' }, undefined],
  ['another value', { ...row, text: 'y' }, row, { code: 'differs', fields: ['text'] }],
  ['null and missing', { ...row, due: null }, row, { code: 'differs', fields: ['due'] }],
  ['a row here only', row, null, { code: 'missing-there' }],
  ['a row there only', null, row, { code: 'missing-here' }],
  ['a row there only that has not come yet', null, { ...row, at: 11 }, undefined],
  ['a change there that has not come yet', row, { ...row, text: 'y', at: 11 }, undefined],
  ['a list older than the row here', { ...row, at: 7 }, { ...row, text: 'y', at: 6 }, undefined],
]

describe('a row here and at the server, pulled to 10', () => {
  it.each(cases)('%s', (_, local, remote, found) => {
    expect(compare({ local, remote }, rules, 10)).toEqual(found)
  })

  it('without an order differ wherever they differ', () => {
    const there = { ...row, text: 'y', at: 11 }
    expect(compare({ local: row, remote: there }, { serverFields: [] }, undefined)).toMatchObject({
      fields: ['text', 'at'],
    })
  })
})

describe('the server is asked', () => {
  const ask = (state: Parameters<typeof refusalOf>[0]['state']) =>
    refusalOf({ state, pausedTables: ['b'] }, 'a')

  it.each(['idle', 'syncing'] as const)('while sync is %s', (state) => {
    expect(ask(state)).toBeUndefined()
    expect(refusalOf({ state, pausedTables: ['b'] }, 'b')).toBe('paused')
  })

  it.each(['offline', 'paused', 'auth-required', 'identity-changed', 'storage-failed', 'stopped'] as const)(
    'not while it is %s',
    (state) => {
      expect(ask(state)).toBe(state)
    },
  )

  it('not before the database is open, nor once it is closed, nor by older code', () => {
    expect(ask('starting')).toBe('stopped')
    expect(ask('outdated')).toBe('outdated-code')
    expect(ask('closed')).toBe('database-closed')
  })
})
