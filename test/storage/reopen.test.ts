import { describe, expect, it } from 'vitest'
import { SyncError } from '../../src/model/error'
import { isDeadConnection, mayPass, reopenAfter } from '../../src/storage/reopen'

const named = (name: string) => Object.assign(new Error('x'), { name })

describe('the next try to open a lost database', () => {
  it.each([
    [0, 1_000],
    [1, 2_000],
    [2, 4_000],
    [3, 8_000],
    [4, 16_000],
    [5, undefined],
    [50, undefined],
  ])('after %i comes after %s ms', (tried, ms) => {
    expect(reopenAfter(tried)).toBe(ms)
  })
})

describe('a failure to open', () => {
  it.each([
    ['a storage process that died', new SyncError('storage-failed', { cause: named('UnknownError') }), true],
    ['an upgrade that was aborted', named('AbortError'), true],
    ['a full disk', new SyncError('quota-exceeded', { cause: named('QuotaExceededError') }), true],
    ['a browser that forbids it', new SyncError('storage-failed', { cause: named('SecurityError') }), false],
    ['private mode', named('InvalidStateError'), false],
    ['a bug in an upgrade', named('TypeError'), false],
    ['nothing', undefined, false],
  ])('by %s may pass: %s', (_, error, passes) => {
    expect(mayPass(error)).toBe(passes)
  })
})

describe('a connection is dead', () => {
  it.each([
    [named('UnknownError'), true],
    [Object.assign(named('AbortError'), { inner: named('UnknownError') }), true],
    [named('AbortError'), false],
    [undefined, false],
    [null, false],
  ])('for %s: %s', (error, dead) => {
    expect(isDeadConnection(error)).toBe(dead)
  })
})
