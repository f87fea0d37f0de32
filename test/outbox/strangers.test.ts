import { describe, expect, it } from 'vitest'
import type { ChangeKind, StoredLogRecord } from '../../src/model/change'
import { Strangers } from '../../src/outbox/strangers'

function record(seq: number, identity: string, kind: ChangeKind, key: string): StoredLogRecord {
  const changes = [{ kind, key }]
  return {
    seq,
    format: 1,
    id: `${seq}`,
    tx: `${seq}`,
    table: 'notes',
    at: 0,
    schemaVersion: 1,
    identity,
    changes,
  }
}

describe('what others have written in a database', () => {
  it.each<[story: string, records: StoredLogRecord[], any: boolean, met: boolean]>([
    ['nobody else', [record(8, 'A', 'create', 'n1'), record(9, '', 'update', 'n1')], false, false],
    ['put away before', [record(3, 'B', 'create', 'n1'), record(8, 'A', 'update', 'n1')], false, false],
    ['beside the owner', [record(8, 'B', 'create', 'n1'), record(9, 'A', 'update', 'n2')], true, false],
    [
      'their row is changed by the owner',
      [record(8, 'B', 'create', 'n1'), record(9, 'A', 'update', 'n1')],
      true,
      true,
    ],
    [
      'their row is deleted, nobody knew who',
      [record(8, 'B', 'create', 'n1'), record(9, '', 'delete', 'n1')],
      true,
      true,
    ],
    [
      'they changed a row of the owner, and then the owner',
      [record(8, 'B', 'update', 'n1'), record(9, 'A', 'update', 'n1')],
      true,
      true,
    ],
    [
      'they changed a row after the owner',
      [record(8, 'A', 'update', 'n1'), record(9, 'B', 'update', 'n1')],
      true,
      false,
    ],
    [
      'the owner made a row anew that they have deleted',
      [record(8, 'B', 'delete', 'n1'), record(9, 'A', 'create', 'n1')],
      true,
      false,
    ],
  ])('%s', (_, records, any, met) => {
    const strangers = new Strangers({ identity: 'A', since: 5 })
    const taken = records.map((one) => strangers.take(one))
    expect([strangers.any, strangers.met]).toEqual([any, met])
    expect(taken).toEqual(records.map(({ identity }) => identity === 'B'))
  })
})
