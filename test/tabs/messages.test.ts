import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SyncEvent } from '../../src/model/event'
import { noTallies } from '../../src/status/tally'
import { readMessage, sealed, type TabMessage } from '../../src/tabs/messages'

const reason = { code: 'timeout', at: 1 } as const
const result = { pushed: 1, pulled: 2, conflicts: 0, failed: 0, duration: 12 }
const events: SyncEvent[] = [
  { name: 'sync-start', data: {} },
  { name: 'sync-complete', data: { ...result, reason } },
  { name: 'sync-error', data: { reason: { ...reason, status: 503, message: 'later' } } },
  { name: 'push-start', data: { waiting: 3 } },
  { name: 'push-complete', data: result },
  { name: 'push-error', data: { reason, table: 'posts', key: [1, new Date(5), 'a'] } },
  { name: 'pull-start', data: { tables: ['posts'] } },
  { name: 'pull-complete', data: { ...result, tables: ['posts'], complete: true } },
  { name: 'pull-error', data: { reason, tables: [] } },
  { name: 'conflict', data: { id: 'c', table: 'posts', key: 1, fields: ['title'], decision: 'parked' } },
  { name: 'dead-letter', data: { id: 'd', table: 'posts', key: -5, reason } },
  { name: 'key-assigned', data: { table: 'posts', temporary: -5, key: 'x' } },
  { name: 'unconfirmed-create', data: { table: 'posts', key: -5 } },
  { name: 'unverified-push', data: { table: 'posts', key: new Uint8Array([1, 2]) } },
  { name: 'auth-required', data: { reason } },
  { name: 'quarantine', data: { table: 'posts', code: 'row-without-key', count: 2 } },
  { name: 'storage-error', data: { reason } },
  { name: 'progress', data: { phase: 'pull', table: 'posts', done: 5, total: 10 } },
  { name: 'stale', data: { table: 'posts', age: 60_000 } },
  { name: 'leader-change', data: { epoch: 4 } },
  { name: 'online', data: {} },
  { name: 'offline', data: {} },
]
const status = {
  pushing: false,
  pulling: true,
  paused: false,
  signedOut: false,
  identityChanged: false,
  unreachable: false,
  hasSynced: true,
  lastSyncedAt: 5,
  progress: { phase: 'push', done: 1 },
  error: reason,
} as const
const from = 'tab'
const messages: TabMessage[] = [
  { kind: 'wake', from, tables: ['posts'], held: false },
  {
    kind: 'status',
    from,
    epoch: 3,
    status,
    counts: { pending: 2, deadLetters: 0, conflicts: 1 },
    pulledAt: { posts: 5 },
    tallies: { ...noTallies(5), errors: { timeout: 2 }, lastError: { code: 'timeout', at: 5 } },
    clock: { offset: -5, seen: 7, corrections: 1 },
  },
  { kind: 'ask-status', from, stale: ['posts'] },
  { kind: 'call', from, id: '1', name: 'syncTable', argument: 'posts' },
  { kind: 'heard', from, id: '1' },
  { kind: 'answer', from, id: '1', value: result },
  {
    kind: 'failure',
    from,
    id: '1',
    error: { code: 'timeout', what: 'x', status: 1, retryAfter: 2, table: 'posts' },
  },
  { kind: 'ping', from, id: '1' },
  { kind: 'pong', from, id: '1', epoch: 2 },
  { kind: 'leader', from, epoch: 2 },
  ...events.map((event): TabMessage => ({ kind: 'event', from, event })),
]

describe('messages between tabs', () => {
  it.each(messages.map((message) => [message.kind, message]))(
    '%s is understood as it was sent',
    (_, message) => {
      expect(readMessage(structuredClone(sealed(message)))).toEqual(message)
    },
  )

  it('of another version, of no version or of an unknown kind are ignored', () => {
    const ping = { kind: 'ping', from, id: '1' }
    expect([
      readMessage(ping),
      readMessage({ ...ping, v: 2 }),
      readMessage({ ...ping, v: '1' }),
      readMessage({ v: 1, kind: 'rows', from, rows: [] }),
      readMessage({ v: 1, kind: 'toString', from }),
      readMessage({ v: 1, kind: '__proto__', from }),
    ]).toEqual(Array(6).fill(undefined))
  })

  it('may carry a field that a later release has added', () => {
    expect(readMessage({ v: 1, kind: 'pong', from, id: '1', epoch: 2, later: true })).toMatchObject({
      epoch: 2,
    })
  })

  const longText = 'x'.repeat(5_000)
  it.each([
    ['an epoch that is no number', { kind: 'leader', epoch: '2' }],
    ['an epoch below zero', { kind: 'leader', epoch: -1 }],
    ['an infinite epoch', { kind: 'leader', epoch: Number.POSITIVE_INFINITY }],
    ['a text too long', { kind: 'ping', id: longText }],
    ['tables that are no list', { kind: 'wake', tables: 'posts' }],
    ['tables without end', { kind: 'wake', tables: Array(5_000).fill('posts') }],
    ['a call of nothing we know', { kind: 'call', id: '1', name: 'constructor' }],
    ['an error of no known code', { kind: 'failure', id: '1', error: { code: 'toString' } }],
    [
      'a key that is none',
      { kind: 'event', event: { name: 'key-assigned', data: { table: 'posts', temporary: {}, key: 1 } } },
    ],
    [
      'a key that holds itself',
      { kind: 'event', event: { name: 'key-assigned', data: { table: 'posts', temporary: knot(), key: 1 } } },
    ],
    ['an event of no known name', { kind: 'event', event: { name: 'hasOwnProperty', data: {} } }],
    ['an event without its fields', { kind: 'event', event: { name: 'progress', data: { phase: 'pull' } } }],
    ['a decision nobody makes', { kind: 'event', event: { name: 'conflict', data: { decision: 'maybe' } } }],
    ['half a status', { kind: 'status', epoch: 1, status: { pushing: true } }],
  ])('with %s are ignored', (_, broken) => {
    expect(readMessage({ v: 1, from, ...broken })).toBeUndefined()
  })

  it('S19 that are garbage, or ours with one value broken, never throw and never pass in a wrong form', () => {
    const garbage = fc.anything({
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
    })
    fc.assert(
      fc.property(garbage, (sent) => readMessage(sent) === undefined),
      { numRuns: 500 },
    )
    const broken = fc.tuple(fc.constantFrom(...messages), fc.nat(), garbage)
    fc.assert(
      fc.property(broken, ([message, place, value]) => {
        const sent = sealed(message) as Record<string, unknown>
        const fields = Object.keys(sent)
        const field = fields[place % fields.length] as string
        const read = readMessage({ ...sent, [field]: value })
        if (read === undefined) return true
        // What passes has the form of its kind: read again, it is the same.
        return readMessage(sealed(read)) !== undefined && typeof read.from === 'string'
      }),
      { numRuns: 1_000 },
    )
  })
})

function knot(): unknown[] {
  const list: unknown[] = []
  list.push(list)
  return list
}
