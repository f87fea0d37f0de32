import { describe, expect, it } from 'vitest'
import type { StoredLogRecord } from '../../src/model/change'
import { LogCache } from '../../src/outbox/log-cache'

function logRecord(seq: number, changes: number): StoredLogRecord {
  return {
    seq,
    format: 1,
    id: `${seq}`,
    tx: '',
    table: 'notes',
    at: 0,
    schemaVersion: 1,
    identity: '',
    changes: Array.from({ length: changes }, (_, key) => ({ kind: 'update' as const, key })),
  }
}

describe('log records in memory', () => {
  it('are handed out as they were put in, and asked for where they are not there', () => {
    const cache = new LogCache()
    const one = logRecord(1, 3)
    cache.put(one)
    expect(cache.get(1)).toBe(one)
    expect(cache.get(2)).toBeUndefined()
    expect(
      cache.missing([
        [1, 0],
        [2, 0],
        [3, 1],
        [2, 1],
      ]),
    ).toEqual([2, 3])
  })

  it('hold no more than 4,000 changes; those not used for longest go first', () => {
    const cache = new LogCache()
    for (let seq = 1; seq <= 20; seq++) cache.put(logRecord(seq, 200))
    cache.get(1)
    cache.put(logRecord(21, 200))
    expect(
      cache.missing([
        [1, 0],
        [2, 0],
        [3, 0],
        [21, 0],
      ]),
    ).toEqual([2])
  })

  it('keep one that is larger than all they may hold: somebody needs it now', () => {
    const cache = new LogCache()
    cache.put(logRecord(1, 10))
    cache.put(logRecord(2, 5_000))
    expect(
      cache.missing([
        [1, 0],
        [2, 0],
      ]),
    ).toEqual([1])
    cache.put(logRecord(3, 10))
    expect(
      cache.missing([
        [2, 0],
        [3, 0],
      ]),
    ).toEqual([2])
  })

  it('are counted once, however often they are put in', () => {
    const cache = new LogCache()
    for (let i = 0; i < 30; i++) cache.put(logRecord(1, 200))
    cache.put(logRecord(2, 3_800))
    expect(
      cache.missing([
        [1, 0],
        [2, 0],
      ]),
    ).toEqual([])
  })

  it('leave out records that hold no change', () => {
    const cache = new LogCache()
    cache.put(logRecord(1, 0))
    expect(cache.get(1)).toBeUndefined()
  })
})
