import { describe, expect, it } from 'vitest'
import type { ChangeKind } from '../../src/model/change'
import { byRecord, type Owned, restingOnOthers, withoutOthersRow } from '../../src/outbox/whose'

function entries(...told: [identity: string, key: string, kind: ChangeKind][]): Owned[] {
  return told.map(([identity, key, kind], i) => ({
    ref: [i, 0],
    table: 'notes',
    identity,
    change: { kind, key },
  }))
}

describe('changes of several logins', () => {
  it('are grouped by login and record, in the order of their first', () => {
    const records = byRecord(
      entries(['B', 'n2', 'create'], ['B', 'n1', 'update'], ['C', 'n2', 'update'], ['B', 'n2', 'update']),
    )
    expect(records.map(({ key, entries: own }) => [key, own.map(({ ref }) => ref[0])])).toEqual([
      ['n2', [0, 3]],
      ['n1', [1]],
      ['n2', [2]],
    ])
  })

  it('go under the key their record has by now', () => {
    const [record, ...rest] = byRecord(
      entries(['B', 'temporary', 'create'], ['B', 'real', 'update']),
      () => 'real',
    )
    expect([record?.key, record?.entries.length, rest]).toEqual(['real', 2, []])
  })
})

describe('what a login did to a row', () => {
  it.each<[ChangeKind[], number]>([
    [['create'], 0],
    [['create', 'update', 'delete'], 0],
    [['update'], 1],
    [['update', 'delete'], 2],
    [['delete', 'create', 'update'], 1],
    [['update', 'create', 'delete', 'create'], 1],
  ])('%j: %i of it rests on the row of somebody else', (kinds, count) => {
    const [record] = byRecord(
      entries(...kinds.map((kind) => ['B', 'n1', kind] as [string, string, ChangeKind])),
    )
    expect(restingOnOthers(record!)).toHaveLength(count)
  })

  it('keeps what was typed, and nothing of the row there was', () => {
    const before = { id: 'n1', text: 'theirs', tag: 'theirs' }
    expect(withoutOthersRow({ kind: 'update', key: 'n1', set: { text: 'mine' }, before }, 'id')).toEqual({
      kind: 'update',
      key: 'n1',
      set: { id: 'n1', text: 'mine' },
      foreign: true,
    })
    expect(withoutOthersRow({ kind: 'delete', key: 'n1', before }, 'id')).toEqual({
      kind: 'delete',
      key: 'n1',
      foreign: true,
    })
  })
})
