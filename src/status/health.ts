import type { Health, HealthCode, HealthIssue } from '../model/health'
import type { SyncStatus } from '../model/status'
import type { StorageEstimate } from '../model/storage-estimate'
import type { StaleTable } from './freshness'
import { healthTexts } from './health-texts'
import type { Readings } from './metrics'

/** From where on something is an issue. A number above which, or a duration in ms after which. */
export interface HealthThresholds {
  /** Changes waiting. Default 1,000. */
  readonly queueDepth: number
  /** ms the oldest of them has waited. Default 3,600,000, an hour. */
  readonly queueAge: number
  /** Dead letters. Default 0. */
  readonly deadLetters: number
  /** Parked conflicts. Default 0. */
  readonly conflicts: number
  /** Rows set aside. Default 0. */
  readonly quarantined: number
  /** ms without reaching the server. Default 3,600,000, an hour. */
  readonly offline: number
  /** ms the server has answered with failures. Default 60,000. */
  readonly serverFailing: number
  /** ms without a sign of life of the leading tab. Default 90,000: a hidden one may be silent that long. */
  readonly leaderSilence: number
  /** Share of the storage quota that is used, 0 to 1. Default 0.9. */
  readonly storageUsed: number
}

const defaults: HealthThresholds = {
  queueDepth: 1_000,
  queueAge: 3_600_000,
  deadLetters: 0,
  conflicts: 0,
  quarantined: 0,
  offline: 3_600_000,
  serverFailing: 60_000,
  leaderSilence: 90_000,
  storageUsed: 0.9,
}

export function withDefaults(thresholds: Partial<HealthThresholds> = {}): HealthThresholds {
  const given = Object.entries(thresholds).filter(([, value]) => value !== undefined)
  return { ...defaults, ...Object.fromEntries(given) }
}

/** What the health is judged by. */
export interface HealthFacts {
  readonly now: number
  readonly state: SyncStatus['state']
  /** Undefined: the database could not be read. */
  readonly readings: Readings | undefined
  /** Since when no request was answered well, and whether the server fails or nobody answers. */
  readonly awaySince?: number
  readonly failing: boolean
  readonly stale: readonly StaleTable[]
  readonly estimate: StorageEstimate
}

type Found = Pick<HealthIssue, 'code' | 'severity'> & Partial<HealthIssue>

/** What is wrong, by these thresholds. Pure. */
export function judgeHealth(facts: HealthFacts, limits: HealthThresholds): Health {
  const found = [
    ...ofState(facts),
    ...ofServer(facts, limits),
    ...(facts.readings ? ofReadings(facts.readings, facts, limits) : []),
    ...facts.stale.map(({ table, age }) =>
      warning('stale', { table, ...(age !== undefined && { since: facts.now - age }) }),
    ),
    ...ofStorage(facts.estimate, limits),
  ]
  const issues = [...found.filter(isError), ...found.filter((one) => !isError(one))].map(
    (one): HealthIssue => ({ ...healthTexts[one.code], ...one }),
  )
  const status = issues.some(isError) ? 'unhealthy' : issues.length > 0 ? 'degraded' : 'healthy'
  return { status, issues, checkedAt: facts.now }
}

function ofState({ state, readings }: HealthFacts): Found[] {
  if (state === 'unavailable') return [error('unavailable')]
  if (state === 'auth-required' || state === 'identity-changed' || state === 'outdated') return [error(state)]
  if (state === 'storage-failed' || state === 'closed' || !readings) return [error('storage-failed')]
  return []
}

/** A tab that is stopped hears nothing of the server. */
function ofServer({ state, awaySince, failing, now }: HealthFacts, limits: HealthThresholds): Found[] {
  if (awaySince === undefined || state === 'stopped') return []
  const age = now - awaySince
  if (failing) return age > limits.serverFailing ? [error('server-failing', { since: awaySince })] : []
  return state === 'offline' && age > limits.offline ? [warning('offline-long', { since: awaySince })] : []
}

function ofReadings(
  { depth, oldest, letters, parked, quarantined, hasSynced, heartbeat, pause }: Readings,
  { now, state }: HealthFacts,
  limits: HealthThresholds,
): Found[] {
  const found: (Found | false)[] = [
    depth > limits.queueDepth && warning('queue-long', { count: depth }),
    oldest !== undefined && now - oldest > limits.queueAge && warning('queue-old', { since: oldest }),
    letters.length > limits.deadLetters && warning('dead-letters', { count: letters.length }),
    parked.length > limits.conflicts &&
      warning('conflicts-parked', {
        count: parked.length,
        since: parked.reduce((first, at) => Math.min(first, at), now),
      }),
    quarantined > limits.quarantined && warning('quarantined-rows', { count: quarantined }),
    !hasSynced && warning('never-synced'),
    pause.all && warning('paused'),
    ...pause.tables.map((table) => warning('paused', { table })),
    silence(heartbeat, now) > limits.leaderSilence &&
      (state === 'stopped' ? warning : error)('no-leader', heartbeat > 0 ? { since: heartbeat } : {}),
  ]
  return found.filter((one) => one !== false)
}

/** A heartbeat ahead of the clock was one before the clock was set back: it may have been just now. */
function silence(heartbeat: number, now: number): number {
  return heartbeat > now ? 0 : now - heartbeat
}

function ofStorage({ usage, quota }: StorageEstimate, limits: HealthThresholds): Found[] {
  if (usage === undefined || !quota || usage / quota <= limits.storageUsed) return []
  return [warning('storage-low')]
}

function warning(code: HealthCode, more: Partial<HealthIssue> = {}): Found {
  return { code, severity: 'warning', ...more }
}

function error(code: HealthCode, more: Partial<HealthIssue> = {}): Found {
  return { code, severity: 'error', ...more }
}

function isError({ severity }: Pick<HealthIssue, 'severity'>): boolean {
  return severity === 'error'
}
