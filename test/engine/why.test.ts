import { describe, expect, it } from 'vitest'
import { type Circumstances, nextAttemptOf, whyOf } from '../../src/engine/why'

const quiet: Circumstances = {
  states: ['waiting'],
  parked: false,
  discarding: false,
  incoming: false,
  newer: false,
  tablePaused: false,
  sync: 'idle',
  serverUntil: 0,
  dueAt: 0,
  now: 100,
}

describe('what a row waits for', () => {
  it.each([
    ['next', {}],
    ['nothing-waits', { states: [] }],
    ['newer-code', { newer: true }],
    ['outdated', { newer: true, sync: 'outdated' }],
    ['nothing-waits', { states: [], sync: 'paused' }],
    ['dead-letter', { states: ['dead', 'waiting'], sync: 'paused' }],
    ['parked', { states: ['parked'] }],
    ['parked', { states: [], parked: true }],
    ['stopped', { sync: 'stopped' }],
    ['paused', { sync: 'paused', tablePaused: true }],
    ['auth-required', { sync: 'auth-required', serverUntil: 200 }],
    ['identity-changed', { sync: 'identity-changed' }],
    ['table-paused', { tablePaused: true, sync: 'offline' }],
    ['server-away', { serverUntil: 200, sync: 'offline' }],
    ['offline', { sync: 'offline', serverUntil: 50 }],
    ['discarding', { states: ['sent'], discarding: true }],
    ['not-due', { states: ['sent', 'waiting'], dueAt: 200 }],
    ['on-its-way', { states: ['sent'], dueAt: 50 }],
    ['undecided', { incoming: true }],
  ] satisfies [string, Partial<Circumstances>][])('%s', (why, parts) => {
    expect(whyOf({ ...quiet, ...parts })).toBe(why)
  })

  it('is tried again when both the server and the request allow', () => {
    const about = { ...quiet, dueAt: 200, serverUntil: 300 }
    expect(nextAttemptOf(about, 'server-away')).toBe(300)
    expect(nextAttemptOf({ ...about, serverUntil: 0 }, 'not-due')).toBe(200)
    expect(nextAttemptOf({ ...about, serverUntil: 0, dueAt: 50 }, 'not-due')).toBeUndefined()
    expect(nextAttemptOf(about, 'paused')).toBeUndefined()
  })
})
