import { describe, expect, it } from 'vitest'
import type { SyncErrorCode } from '../../src/model/error'
import type { SyncCounts } from '../../src/model/event'
import { initialFacts, reduce, type StatusFact, statusOf } from '../../src/status/reduce'

const counts: SyncCounts = { pushed: 0, pulled: 0, conflicts: 0, failed: 0 }
const reason = (code: SyncErrorCode) => ({ code, at: 7 })
const running: StatusFact = { name: 'engine', data: 'running' }
const pushStart: StatusFact = { name: 'push-start', data: { waiting: 3 } }
const pullStart: StatusFact = { name: 'pull-start', data: { tables: ['posts'] } }
const done = (
  name: 'push-complete' | 'pull-complete' | 'sync-complete',
  code?: SyncErrorCode,
): StatusFact => {
  const data = { ...counts, duration: 5, ...(code ? { reason: reason(code) } : {}) }
  return name === 'pull-complete' ? { name, data: { ...data, tables: [], complete: !code } } : { name, data }
}
/** Runs that ended well because there was nothing to ask the server for. */
const nothingToPush: StatusFact = { name: 'push-complete', data: { ...counts, duration: 5 } }
const pushed: StatusFact = { name: 'push-complete', data: { ...counts, pushed: 1, duration: 5 } }
const nothingToPull: StatusFact = {
  name: 'pull-complete',
  data: { ...counts, duration: 5, tables: ['posts'], complete: false },
}
const syncError = (code: SyncErrorCode): StatusFact => ({
  name: 'sync-error',
  data: { reason: reason(code) },
})

const authError = syncError('auth-required')
const diskError = syncError('storage-failed')
const failure = syncError('server-failed')

function fold(...facts: StatusFact[]) {
  return statusOf(facts.reduce((before, fact) => reduce(before, fact, 1_000), initialFacts(true)))
}

describe('the state', () => {
  const cases: [story: string, facts: StatusFact[], state: string][] = [
    ['before start', [], 'stopped'],
    ['while the database opens', [{ name: 'engine', data: 'starting' }], 'starting'],
    ['without IndexedDB', [{ name: 'engine', data: 'unavailable' }], 'unavailable'],
    ['started', [running], 'idle'],
    ['whose database is closed', [running, pullStart, { name: 'engine', data: 'closed' }], 'closed'],
    ['whose database is lost', [running, { name: 'engine', data: 'storage-failed' }], 'storage-failed'],
    ['opened again', [running, pullStart, { name: 'engine', data: 'closed' }, running], 'idle'],
    ['pushing', [running, pushStart], 'syncing'],
    ['pulling', [running, pullStart], 'syncing'],
    ['pushed, still pulling', [running, pullStart, pushStart, done('push-complete')], 'syncing'],
    ['both done', [running, pullStart, pushStart, done('push-complete'), done('pull-complete')], 'idle'],
    ['the cycle ended', [running, pullStart, pushStart, done('sync-complete')], 'idle'],
    ['the cycle failed', [running, pullStart, syncError('server-failed')], 'idle'],
    [
      'the leader died while pushing',
      [running, pushStart, { name: 'leader-change', data: { epoch: 2 } }],
      'idle',
    ],
    ['no connection', [running, { name: 'offline', data: {} }], 'offline'],
    ['connection again', [running, { name: 'offline', data: {} }, { name: 'online', data: {} }], 'idle'],
    ['trying although offline', [running, { name: 'offline', data: {} }, pushStart], 'syncing'],
    ['a server that does not answer', [running, syncError('timeout')], 'offline'],
    ['a server that answers again', [running, syncError('server-busy'), done('pull-complete')], 'idle'],
    ['a cycle that got nowhere', [running, done('sync-complete', 'network-failed')], 'offline'],
    [
      'login over',
      [running, { name: 'auth-required', data: { reason: reason('auth-required') } }],
      'auth-required',
    ],
    [
      'somebody else logged in',
      [running, { name: 'identity-changed', data: { reason: reason('identity-changed') } }],
      'identity-changed',
    ],
    [
      'somebody else, then offline',
      [running, syncError('identity-changed'), syncError('timeout')],
      'identity-changed',
    ],
    ['the first is back', [running, syncError('identity-changed'), done('sync-complete')], 'idle'],
    [
      'somebody else in this tab alone',
      [running, { name: 'identity', data: { other: true } }],
      'identity-changed',
    ],
    ['login over, trying again', [running, syncError('auth-required'), pullStart], 'auth-required'],
    [
      'login over, then offline',
      [running, syncError('auth-required'), syncError('timeout')],
      'auth-required',
    ],
    ['logged in again', [running, syncError('auth-required'), done('sync-complete')], 'idle'],
    ['login over, nothing to send', [running, syncError('auth-required'), nothingToPush], 'auth-required'],
    ['login over, no pull now', [running, syncError('auth-required'), nothingToPull], 'auth-required'],
    ['login over, then the disk', [running, syncError('auth-required'), diskError], 'auth-required'],
    ['login over, then another failure there', [running, syncError('auth-required'), failure], 'idle'],
    ['login over, then one went', [running, syncError('auth-required'), pushed], 'idle'],
    ['somebody else, then the disk', [running, syncError('identity-changed'), diskError], 'identity-changed'],
    ['somebody else, login over', [running, syncError('identity-changed'), authError], 'auth-required'],
    ['login over, somebody else', [running, authError, syncError('identity-changed')], 'identity-changed'],
    ['no answer, nothing to send', [running, syncError('timeout'), nothingToPush], 'offline'],
    ['no answer, then the disk', [running, syncError('timeout'), diskError], 'offline'],
    ['no answer, then one that failed', [running, syncError('timeout'), failure], 'idle'],
    ['paused', [running, { name: 'paused', data: true }, pushStart], 'paused'],
    ['resumed', [running, { name: 'paused', data: true }, { name: 'paused', data: false }], 'idle'],
    [
      'paused and stopped',
      [running, { name: 'paused', data: true }, { name: 'engine', data: 'stopped' }],
      'stopped',
    ],
  ]
  it.each(cases)('%s', (_, facts, state) => {
    expect(fold(...facts).state).toBe(state)
  })
})

describe('the status', () => {
  it('starts with nothing known', () => {
    expect(fold()).toEqual({
      state: 'stopped',
      online: true,
      pushing: false,
      pulling: false,
      leader: false,
      pending: 0,
      deadLetters: 0,
      conflicts: 0,
      pausedTables: [],
      hasSynced: false,
    })
  })

  it('keeps the reason of a failure until an exchange went well', () => {
    expect(fold(syncError('server-failed')).error).toEqual(reason('server-failed'))
    expect(fold(syncError('server-failed'), nothingToPush).error).toEqual(reason('server-failed'))
    expect(fold(syncError('server-failed'), done('pull-complete'))).not.toHaveProperty('error')
  })

  it('goes on pushing when one change is refused', () => {
    const refused: StatusFact = {
      name: 'push-error',
      data: { reason: reason('rejected'), table: 'posts', key: 1 },
    }
    expect(fold(pushStart, refused)).toMatchObject({ pushing: true, error: reason('rejected') })
    const failed: StatusFact = { name: 'push-error', data: { reason: reason('timeout') } }
    expect(fold(pushStart, failed)).toMatchObject({ pushing: false })
  })

  it('shows the progress of a phase until it ends', () => {
    const progress: StatusFact = { name: 'progress', data: { phase: 'pull', table: 'posts', done: 500 } }
    expect(fold(pullStart, progress).progress).toEqual({ phase: 'pull', table: 'posts', done: 500 })
    expect(fold(pullStart, progress, done('push-complete')).progress).toBeDefined()
    expect(fold(pullStart, progress, done('pull-complete'))).not.toHaveProperty('progress')
  })

  it('dates a cycle that reached its end, and no other', () => {
    expect(fold(done('sync-complete')).lastSyncedAt).toBe(1_000)
    expect(fold(done('sync-complete', 'timeout'))).not.toHaveProperty('lastSyncedAt')
    expect(fold({ name: 'synced', data: { hasSynced: true, at: 5 } })).toMatchObject({
      hasSynced: true,
      lastSyncedAt: 5,
    })
  })

  it('is told by the leader in a tab that was opened late, but for what is its own', () => {
    const facts: StatusFact[] = [pushStart, syncError('timeout'), pullStart]
    const leader = facts.reduce((before, fact) => reduce(before, fact, 1), initialFacts(true))
    const late = fold(
      running,
      { name: 'counts', data: { pending: 2, deadLetters: 1, conflicts: 0 } },
      {
        name: 'shared',
        data: leader.shared,
      },
    )
    expect(late).toMatchObject({ state: 'syncing', pulling: true, leader: false, pending: 2, deadLetters: 1 })
    expect(late.error).toEqual(reason('timeout'))
  })
})
