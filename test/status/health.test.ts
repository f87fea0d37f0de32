import { describe, expect, it } from 'vitest'
import type { HealthCode } from '../../src/model/health'
import { type HealthFacts, judgeHealth, withDefaults } from '../../src/status/health'
import { healthTexts } from '../../src/status/health-texts'
import type { Readings } from '../../src/status/metrics'

const defaultThresholds = withDefaults()
const hour = 3_600_000
const now = 100 * hour
const readings: Readings = {
  depth: 0,
  letters: [],
  parked: [],
  quarantined: 0,
  rows: {},
  hasSynced: true,
  heartbeat: now - 1_000,
  pause: { all: false, tables: [] },
}
const well: HealthFacts = { now, state: 'idle', readings, failing: false, stale: [], estimate: {} }
const read = (more: Partial<Readings>): Partial<HealthFacts> => ({ readings: { ...readings, ...more } })

describe('the health', () => {
  it('is good where nothing is wrong', () => {
    expect(judgeHealth(well, defaultThresholds)).toEqual({ status: 'healthy', issues: [], checkedAt: now })
  })

  const issues: [code: HealthCode, facts: Partial<HealthFacts>, status: string, more?: object][] = [
    ['queue-long', read({ depth: 1_001 }), 'degraded', { count: 1_001 }],
    ['queue-old', read({ depth: 1, oldest: now - hour - 1 }), 'degraded', { since: now - hour - 1 }],
    ['dead-letters', read({ letters: ['rejected', 'rejected'] }), 'degraded', { count: 2 }],
    ['conflicts-parked', read({ parked: [now - 5, now - 9] }), 'degraded', { count: 2, since: now - 9 }],
    ['quarantined-rows', read({ quarantined: 3 }), 'degraded', { count: 3 }],
    ['never-synced', read({ hasSynced: false }), 'degraded'],
    ['paused', read({ pause: { all: true, tables: [] } }), 'degraded'],
    ['paused', read({ pause: { all: false, tables: ['posts'] } }), 'degraded', { table: 'posts' }],
    ['no-leader', read({ heartbeat: now - 90_001 }), 'unhealthy', { since: now - 90_001 }],
    ['no-leader', read({ heartbeat: 0 }), 'unhealthy'],
    ['no-leader', { ...read({ heartbeat: 0 }), state: 'stopped' }, 'degraded'],
    ['offline-long', { state: 'offline', awaySince: now - hour - 1 }, 'degraded', { since: now - hour - 1 }],
    ['server-failing', { awaySince: now - 60_001, failing: true }, 'unhealthy', { since: now - 60_001 }],
    ['auth-required', { state: 'auth-required' }, 'unhealthy'],
    ['identity-changed', { state: 'identity-changed' }, 'unhealthy'],
    ['storage-failed', { state: 'storage-failed' }, 'unhealthy'],
    ['storage-failed', { state: 'closed', readings: undefined }, 'unhealthy'],
    ['storage-failed', { readings: undefined }, 'unhealthy'],
    ['unavailable', { state: 'unavailable', readings: undefined }, 'unhealthy'],
    ['stale', { stale: [{ table: 'posts', age: 7 }] }, 'degraded', { table: 'posts', since: now - 7 }],
    ['stale', { stale: [{ table: 'posts' }] }, 'degraded', { table: 'posts' }],
    ['storage-low', { estimate: { usage: 91, quota: 100 } }, 'degraded'],
  ]
  it.each(issues)('%s: %j', (code, facts, status, more = {}) => {
    const health = judgeHealth({ ...well, ...facts }, defaultThresholds)
    expect(health.status).toBe(status)
    const severity = status === 'unhealthy' ? 'error' : 'warning'
    expect(health.issues).toEqual([{ code, severity, ...healthTexts[code], ...more }])
  })

  const fine: [story: string, facts: Partial<HealthFacts>][] = [
    ['a queue at the limit', read({ depth: 1_000, oldest: now - hour })],
    ['a change made by a clock that was set back', read({ depth: 1, oldest: now + hour })],
    ['a leader that was seen by a clock that was set back', read({ heartbeat: now + hour })],
    ['offline for a while', { state: 'offline', awaySince: now - hour }],
    ['away, as a stopped tab last heard', { state: 'stopped', awaySince: 0, failing: true }],
    ['online again, and nothing was asked yet', { state: 'idle', awaySince: 0 }],
    ['a browser that says nothing of its storage', { estimate: { usage: 5 } }],
    ['a browser that allows nothing', { estimate: { usage: 5, quota: 0 } }],
  ]
  it.each(fine)('has nothing to say of %s', (_, facts) => {
    expect(judgeHealth({ ...well, ...facts }, defaultThresholds).issues).toEqual([])
  })

  it('names errors before warnings, and is as bad as the worst', () => {
    const facts: HealthFacts = {
      ...well,
      ...read({ quarantined: 1, heartbeat: 0 }),
      stale: [{ table: 'posts' }],
    }
    const { status, issues: found } = judgeHealth(facts, defaultThresholds)
    expect([status, found.map(({ code }) => code)]).toEqual([
      'unhealthy',
      ['no-leader', 'quarantined-rows', 'stale'],
    ])
  })

  it('goes by the thresholds it is given', () => {
    const limits = { ...defaultThresholds, deadLetters: 5, queueDepth: 0, storageUsed: 0.5 }
    const facts: HealthFacts = {
      ...well,
      ...read({ depth: 1, letters: ['rejected'] }),
      estimate: { usage: 6, quota: 10 },
    }
    expect(judgeHealth(facts, limits).issues.map(({ code }) => code)).toEqual(['queue-long', 'storage-low'])
  })
})
