import { describe, expect, it } from 'vitest'
import type { SyncErrorCode } from '../../src/model/error'
import { metricsOf, type Readings } from '../../src/status/metrics'
import { noTallies, type TallyFact, tally } from '../../src/status/tally'

const nothing = { pushed: 0, pulled: 0, conflicts: 0, failed: 0, duration: 0 }
const reason = (code: SyncErrorCode, at: number) => ({ code, at })
const answered = (status: number | undefined, duration = 10): TallyFact => ({
  name: 'exchange',
  data: { ...(status !== undefined && { status }), duration, up: 100, down: 20 },
})
const pulled = (code?: SyncErrorCode, at = 0): TallyFact => ({
  name: 'pull-complete',
  data: {
    ...nothing,
    pulled: 3,
    tables: ['posts'],
    complete: !code,
    ...(code && { reason: reason(code, at) }),
  },
})

function counted(facts: readonly TallyFact[], now = 1000) {
  return facts.reduce((before, fact) => tally(before, fact, now), noTallies(5))
}

describe('what is counted', () => {
  it('a cycle, its push and its pulls', () => {
    const facts: TallyFact[] = [
      { name: 'sync-start', data: {} },
      { name: 'push-complete', data: { ...nothing, pushed: 2, conflicts: 1, duration: 50 } },
      { name: 'push-complete', data: { ...nothing, pushed: 2, duration: 150 } },
      pulled(),
      pulled(),
      { name: 'sync-complete', data: { ...nothing, duration: 300 } },
    ]
    expect(counted(facts)).toMatchObject({
      since: 5,
      lastStart: 1000,
      lastEnd: 1000,
      lastDuration: 300,
      syncs: 1,
      pushes: 2,
      pulls: 2,
      pushed: 4,
      pulled: 6,
      conflicts: 1,
      pushTime: 400,
      errors: {},
    })
  })

  it('a failure once, however many events carry it', () => {
    const facts: TallyFact[] = [
      { name: 'pull-error', data: { reason: reason('server-failed', 7), tables: ['posts'] } },
      pulled('server-failed', 7),
      { name: 'pull-error', data: { reason: reason('timeout', 8), tables: ['notes'] } },
      pulled('timeout', 8),
      { name: 'sync-error', data: { reason: reason('server-failed', 7) } },
      { name: 'sync-complete', data: { ...nothing, reason: reason('server-failed', 7) } },
    ]
    expect(counted(facts).errors).toEqual({ 'server-failed': 1, timeout: 1 })
  })

  it('every change that failed, though many fail at one moment', () => {
    const refused = (key: number): TallyFact => ({
      name: 'push-error',
      data: { reason: reason('rejected', 7), table: 'posts', key },
    })
    const dead: TallyFact = {
      name: 'dead-letter',
      data: { id: 'd', reason: reason('rejected', 7), table: 'posts', key: 3 },
    }
    expect(counted([refused(1), refused(2), dead]).errors).toEqual({ rejected: 3 })
  })

  it('failures after the clock was set back', () => {
    expect(counted([pulled('timeout', 5000), pulled('timeout', 9)], 10).errors).toEqual({ timeout: 2 })
  })

  it('requests, answered or not', () => {
    const { requests, failed, bytesUp, bytesDown, latency } = counted([
      answered(200),
      answered(undefined, 99),
    ])
    expect({ requests, failed, bytesUp, bytesDown, latency }).toEqual({
      requests: 2,
      failed: 1,
      bytesUp: 200,
      bytesDown: 40,
      latency: 10,
    })
  })
})

describe('since when the server is away', () => {
  const offline: TallyFact = { name: 'offline', data: {} }
  const cases: [
    story: string,
    facts: [TallyFact, at: number][],
    awaySince: number | undefined,
    failing: boolean,
  ][] = [
    ['it answers', [[answered(200), 1]], undefined, false],
    ['it answers, though no', [[answered(404), 1]], undefined, false],
    [
      'nobody answers',
      [
        [answered(undefined), 1],
        [answered(undefined), 2],
      ],
      1,
      false,
    ],
    [
      'it fails',
      [
        [answered(503), 1],
        [answered(429), 2],
      ],
      1,
      true,
    ],
    [
      'first nobody, then it fails',
      [
        [answered(undefined), 1],
        [answered(500), 2],
      ],
      1,
      true,
    ],
    [
      'it is back',
      [
        [answered(500), 1],
        [answered(200), 2],
      ],
      undefined,
      false,
    ],
    [
      'no connection, and nothing was asked',
      [
        [offline, 1],
        [offline, 2],
      ],
      1,
      false,
    ],
    [
      'no connection, then an answer',
      [
        [offline, 1],
        [answered(201), 2],
      ],
      undefined,
      false,
    ],
  ]
  it.each(cases)('%s', (_, facts, awaySince, failing) => {
    const all = facts.reduce((before, [fact, at]) => tally(before, fact, at), noTallies(0))
    expect([all.awaySince, all.failing]).toEqual([awaySince, failing])
  })
})

describe('the metrics', () => {
  const readings: Readings = {
    depth: 2,
    oldest: 400,
    letters: ['rejected', 'rejected', 'timeout'],
    parked: [1, 2],
    quarantined: 4,
    rows: { posts: 7 },
    hasSynced: true,
    heartbeat: 0,
    pause: { all: false, tables: [] },
  }

  it('are what was counted and what was read', () => {
    const tallies = {
      ...noTallies(5),
      pushed: 4,
      pushTime: 400,
      requests: 3,
      failed: 1,
      latency: 30,
      errors: { timeout: 2, offline: 1, rejected: 3 },
    }
    expect(metricsOf(tallies, readings, { usage: 10, quota: 100 }, 1000)).toMatchObject({
      at: 1000,
      since: 5,
      queue: { depth: 2, oldestAge: 600, meanProcessingTime: 100 },
      errors: {
        total: 6,
        byType: { network: 3 },
        byCode: { timeout: 2, offline: 1, rejected: 3 },
        deadLetters: 3,
        deadLettersByCode: { rejected: 2, timeout: 1 },
      },
      network: { requests: 3, failed: 1, meanLatency: 15 },
      data: { rows: { posts: 7 }, quarantined: 4, parked: 2, storageUsed: 10, storageQuota: 100 },
    })
  })

  it('before anything happened are zeros, never NaN', () => {
    const { oldest, ...none } = { ...readings, depth: 0 }
    const { queue, network, data } = metricsOf(noTallies(0), none, {}, 1000)
    expect(queue).toEqual({ depth: 0, oldestAge: 0, meanProcessingTime: 0 })
    expect(network.meanLatency).toBe(0)
    expect(data).not.toHaveProperty('storageUsed')
  })

  it('show no negative age where the clock was set back', () => {
    expect(metricsOf(noTallies(0), { ...readings, oldest: 5000 }, {}, 1000).queue.oldestAge).toBe(0)
  })
})
