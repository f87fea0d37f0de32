import { describe, expect, it } from 'vitest'
import { judgeRow } from '../../src/check/row-rule'
import type { OpenRecord } from '../../src/check/stored'
import type { Change, Row } from '../../src/model/change'
import type { RecordState } from '../../src/model/record-state'

interface Case {
  readonly row: Row | null
  readonly changes: readonly Omit<Change, 'key'>[]
  readonly state?: Omit<RecordState, 'table' | 'key'>
  readonly held?: 'dead' | 'parked'
  readonly met?: Row
  /** By somebody else than whose data the database holds. */
  readonly theirs?: true
}

function record({ row, changes, state, held, met, theirs }: Case): OpenRecord {
  const place = { table: 'notes', key: 7 }
  return {
    ...place,
    keyPath: 'id',
    serverFields: ['version'],
    row,
    state: state && { ...place, ...state },
    met: met ? [met] : [],
    entries: changes.map((change, index) => ({
      ...place,
      ref: [1, index],
      change: { ...change, key: 7 },
      mark: held && { held, by: 'x' },
      own: !theirs,
      inSight: true,
    })),
  }
}

const theirs = { id: 7, text: 'theirs', n: 1 }
const edit: Omit<Change, 'key'> = { kind: 'update', set: { text: 'mine' }, before: theirs }
const mine = { ...theirs, text: 'mine' }

const sound: Record<string, Case> = {
  'a new row': { row: mine, changes: [{ kind: 'create', row: mine }] },
  'an edit': { row: mine, changes: [edit] },
  'an edit on a newer row of the server': {
    row: { ...mine, n: 2 },
    changes: [edit],
    state: { base: { ...theirs, n: 2 } },
  },
  'a field of the server that is another': { row: { ...mine, version: 9 }, changes: [edit] },
  'a field that is undefined here and missing there': { row: { ...mine, gone: undefined }, changes: [edit] },
  'a row made under a temporary key': { row: mine, changes: [{ kind: 'create', row: { ...mine, id: -3 } }] },
  'a deletion': { row: null, changes: [{ kind: 'delete', before: theirs }] },
  'a deletion undone': {
    row: mine,
    changes: [
      { kind: 'delete', before: theirs },
      { kind: 'create', row: mine },
    ],
  },
  'a parked edit as it was met': {
    row: mine,
    changes: [edit],
    held: 'parked',
    state: { base: { ...theirs, n: 2 } },
  },
  'a parked edit on the newer row it had been brought together with before': {
    row: { ...mine, n: 2 },
    changes: [edit],
    held: 'parked',
    met: { ...theirs, n: 2 },
    state: { base: null },
  },
  'an edit of a row of somebody else, which is gone': {
    row: null,
    changes: [{ kind: 'update', set: { text: 'mine' }, foreign: true }],
  },
  'a row of the server that somebody else has deleted here': {
    row: theirs,
    changes: [{ kind: 'delete', before: theirs }],
    theirs: true,
  },
}

const unsound: Record<string, readonly [Case, object]> = {
  'another value': [
    { row: theirs, changes: [edit] },
    { code: 'row-differs', fields: ['text'] },
  ],
  'a field too many': [
    { row: { ...mine, more: 1 }, changes: [edit] },
    { code: 'row-differs', fields: ['more'] },
  ],
  'a dead letter that does not stand on the row of the server': [
    { row: mine, changes: [edit], held: 'dead', state: { base: { ...theirs, n: 2 } } },
    { code: 'row-differs', fields: ['n'] },
  ],
  'a parked edit on a row nobody has met': [
    {
      row: { ...mine, n: 3 },
      changes: [edit],
      held: 'parked',
      met: { ...theirs, n: 2 },
      state: { base: null },
    },
    { code: 'row-differs', fields: ['n'] },
  ],
  'no row': [{ row: null, changes: [edit] }, { code: 'row-missing' }],
  'a row too many': [
    { row: theirs, changes: [{ kind: 'delete', before: theirs }] },
    { code: 'row-remains', rows: { local: theirs, expected: null } },
  ],
}

describe('a row and its waiting changes', () => {
  it.each(Object.entries(sound))('fit together: %s', (_, one) => {
    expect(judgeRow(record(one))).toEqual([])
  })

  it.each(Object.entries(unsound))('do not fit together: %s', (_, [one, found]) => {
    expect(judgeRow(record(one))).toMatchObject([{ table: 'notes', key: 7, ...found }])
  })
})
