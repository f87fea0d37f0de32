import { describe, expect, it } from 'vitest'
import type { Change, StoredLogRecord } from '../../src/model/change'
import type { EntryRef, Mark } from '../../src/model/entry'
import { type Followed, fateOf } from '../../src/outbox/fate'

const update = (key: string): Change => ({ kind: 'update', key, set: { text: 'x' } })

function record(seq: number, changes: readonly Change[], replaces?: readonly EntryRef[]): StoredLogRecord {
  const known = { seq, format: 1 as const, id: `r${seq}`, tx: `t${seq}`, table: 'notes', at: 0, identity: '' }
  return { ...known, schemaVersion: 1, changes, ...(replaces && { replaces }) }
}

function follow(parts: Partial<Followed>) {
  const nothing = { records: [], progress: [], tail: [] }
  const refs: readonly EntryRef[] = [[1, 0]]
  return fateOf({ table: 'notes', key: 'n', refs, ...nothing, resolve: (_, key) => key, ...parts })
}

const marked = (seq: number, mark: Mark) => [{ seq, marks: { 0: mark } }]
const first = record(1, [update('n')])

describe('what became of changes that waited', () => {
  it.each([
    ['they are still there', { records: [first] }, { kind: 'open', refs: [[1, 0]] }],
    ['their log record has gone', {}, { kind: 'ended' }],
    [
      'they are done in a record of several',
      { records: [first], progress: marked(1, 'done') },
      { kind: 'ended' },
    ],
    [
      'they are held',
      { records: [first], progress: marked(1, { held: 'dead', by: 'letter' }) },
      { kind: 'held', held: 'dead', by: 'letter' },
    ],
    [
      'another record took their place',
      { tail: [record(5, [update('n')], [[1, 0]])] },
      { kind: 'open', refs: [[5, 0]] },
    ],
    [
      'the record that took their place was replaced before anybody looked',
      { tail: [record(6, [update('n')], [[5, 0]])] },
      { kind: 'open', refs: [[6, 0]] },
    ],
    [
      'what took their place is held already',
      { tail: [record(5, [update('n')], [[1, 0]])], progress: marked(5, { held: 'parked', by: 'conflict' }) },
      { kind: 'held', held: 'parked', by: 'conflict' },
    ],
    ['they were given up', { tail: [record(5, [], [[1, 0]])] }, { kind: 'ended' }],
    [
      'the row starts anew under another key',
      { tail: [record(5, [update('new~1')], [[1, 0]])] },
      { kind: 'open', refs: [[5, 0]] },
    ],
    ['the app changed the row again', { tail: [record(5, [update('n')])] }, { kind: 'ended' }],
    ['another row was retried', { tail: [record(5, [update('m')], [[2, 0]])] }, { kind: 'ended' }],
    [
      'the change that goes on names the row by its old key',
      { tail: [record(5, [update('old')], [[1, 0]])], resolve: () => 'n' },
      { kind: 'open', refs: [[5, 0]] },
    ],
  ] satisfies [string, Partial<Followed>, object][])('%s', (_, parts, fate) => {
    expect(follow(parts)).toEqual(fate)
  })
})
