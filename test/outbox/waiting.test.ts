import { describe, expect, it } from 'vitest'
import { AliasMap } from '../../src/keys/alias-map'
import type { Change, Key, StoredLogRecord } from '../../src/model/change'
import type { EntryRef } from '../../src/model/entry'
import { compareRefs, recordId, Waiting } from '../../src/outbox/waiting'

const update = (key: Key): Change => ({ kind: 'update', key, set: {} })

function logRecord(seq: number, changes: readonly Change[], more: Partial<StoredLogRecord> = {}) {
  return {
    seq,
    format: 1,
    id: `r${seq}`,
    tx: `t${seq}`,
    table: 'notes',
    at: seq,
    schemaVersion: 1,
    identity: '',
    changes,
    ...more,
  } as StoredLogRecord
}

function begin() {
  const aliases = new AliasMap()
  const waiting = new Waiting(aliases, { version: () => 1 })
  const shown = () =>
    [...waiting.records()].map(({ key, entries }) => [key, entries.map(({ ref }) => ref.join('.'))])
  return { aliases, waiting, shown }
}

describe('what waits', () => {
  it('is kept by record, in the order of the log', () => {
    const { waiting, shown } = begin()
    waiting.take(logRecord(1, [update('b'), update('a')]))
    waiting.take(logRecord(3, [update('a')]))
    expect(shown()).toEqual([
      ['b', ['1.0']],
      ['a', ['1.1', '3.0']],
    ])
    expect([waiting.count, waiting.freeCount(), waiting.seen]).toEqual([3, 3, 3])
    expect([waiting.sizeOf(1), waiting.sizeOf(2)]).toEqual([2, undefined])
  })

  it('leaves out what was done before it was read, and knows what is held', () => {
    const { waiting, shown } = begin()
    const dead = { held: 'dead', by: 'x' } as const
    waiting.take(logRecord(1, [update('a'), update('b'), update('c')]), {
      seq: 1,
      marks: { 0: 'done', 2: dead },
    })
    expect(shown()).toEqual([
      ['b', ['1.1']],
      ['c', ['1.2']],
    ])
    expect([waiting.count, waiting.freeCount(), waiting.sizeOf(1)]).toEqual([2, 1, 3])
    expect([waiting.has([1, 0]), waiting.has([1, 1]), waiting.isFree([1, 2])]).toEqual([false, true, false])
  })

  it('forgets what a later record takes the place of, held or not', () => {
    const { waiting, shown } = begin()
    waiting.take(logRecord(1, [update('a'), update('b')]))
    waiting.hold([[1, 0]], { held: 'dead', by: 'x' })
    waiting.take(logRecord(2, [update('a')], { replaces: [[1, 0]] }))
    expect(shown()).toEqual([
      ['b', ['1.1']],
      ['a', ['2.0']],
    ])
    expect([waiting.count, waiting.freeCount()]).toEqual([2, 2])
  })

  it('is counted once however often it is held or removed', () => {
    const { waiting } = begin()
    waiting.take(logRecord(1, [update('a'), update('b')]))
    for (let i = 0; i < 2; i++) waiting.hold([[1, 0]], { held: 'parked', by: 'x' })
    expect([waiting.count, waiting.freeCount()]).toEqual([2, 1])
    for (let i = 0; i < 2; i++) waiting.remove([[1, 0]])
    expect([waiting.count, waiting.freeCount()]).toEqual([1, 1])
  })

  it('is on its way while a fence names it, and no longer when it is held', () => {
    const { waiting } = begin()
    waiting.take(logRecord(1, [update('a')]))
    const item = {
      table: 'notes',
      key: 'a',
      kind: 'update',
      entries: [[1, 0]],
      ops: [],
      row: {},
      base: {},
    } as const
    waiting.fence({ id: 'f', items: [item] })
    expect([waiting.isFree([1, 0]), waiting.of('notes', 'a')?.entries[0]?.fence]).toEqual([false, 'f'])
    waiting.unfence({ items: [item] })
    expect(waiting.isFree([1, 0])).toBe(true)
    waiting.fence({ id: 'f', items: [item] })
    waiting.hold([[1, 0]], { held: 'dead', by: 'x' })
    expect(waiting.of('notes', 'a')?.entries[0]).toMatchObject({ held: { by: 'x' } })
    expect(waiting.of('notes', 'a')?.entries[0]?.fence).toBeUndefined()
  })

  it('goes on under the key of the server, with what came under it before, in the order of the log', () => {
    const { waiting, aliases, shown } = begin()
    waiting.take(logRecord(1, [update(-5)]))
    waiting.take(logRecord(2, [update(7)]))
    waiting.take(logRecord(3, [update(-5)]))
    aliases.set('notes', -5, 7)
    waiting.rename('notes', -5, 7)
    waiting.take(logRecord(4, [update(-5)]))
    expect(shown()).toEqual([[7, ['1.0', '2.0', '3.0', '4.0']]])
    expect(waiting.of('notes', -5)?.key).toBe(7)
    expect(waiting.recordOf([3, 0])?.key).toBe(7)
    waiting.remove([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
    ])
    expect([waiting.count, shown()]).toEqual([0, []])
  })
})

describe('names and places', () => {
  it('keep tables and types of keys apart', () => {
    const ids = [recordId('a', 1), recordId('a', '1'), recordId('b', 1), recordId('a', new Date(1))]
    expect(new Set(ids).size).toBe(4)
  })

  it('are in log order', () => {
    const refs: EntryRef[] = [
      [2, 0],
      [1, 10],
      [1, 2],
    ]
    expect(refs.sort(compareRefs)).toEqual([
      [1, 2],
      [1, 10],
      [2, 0],
    ])
  })
})
