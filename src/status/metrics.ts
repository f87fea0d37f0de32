import { errorTexts, type SyncErrorCode, type SyncErrorType } from '../model/error'
import type { SyncMetrics } from '../model/metrics'
import type { StorageEstimate } from '../model/storage-estimate'
import type { Tallies } from './tally'

/** What the database holds at one moment. */
export interface Readings {
  /** Changes that wait or are on their way, and when the oldest of them was made, ms. */
  readonly depth: number
  readonly oldest?: number
  /** Why the dead letters were refused, one each. */
  readonly letters: readonly SyncErrorCode[]
  /** When the parked conflicts were met, ms. */
  readonly parked: readonly number[]
  readonly quarantined: number
  readonly rows: Readonly<Record<string, number>>
  /** Every pulled table has once been pulled to its end. */
  readonly hasSynced: boolean
  /** The last sign of life of a leader, ms; 0 = there never was one. */
  readonly heartbeat: number
  readonly pause: { readonly all: boolean; readonly tables: readonly string[] }
}

/** Puts the numbers together. Pure. */
export function metricsOf(
  tallies: Tallies,
  readings: Readings,
  { usage, quota }: StorageEstimate,
  now: number,
): SyncMetrics {
  const { lastStart, lastEnd, lastDuration, errors, requests, failed } = tallies
  const { oldest } = readings
  return {
    at: now,
    since: tallies.since,
    queue: {
      depth: readings.depth,
      oldestAge: oldest === undefined ? 0 : Math.max(0, now - oldest),
      meanProcessingTime: mean(tallies.pushTime, tallies.pushed),
    },
    sync: {
      ...(lastStart !== undefined && { lastStart }),
      ...(lastEnd !== undefined && { lastEnd }),
      ...(lastDuration !== undefined && { lastDuration }),
      syncs: tallies.syncs,
      pushes: tallies.pushes,
      pulls: tallies.pulls,
      pushed: tallies.pushed,
      pulled: tallies.pulled,
      conflicts: tallies.conflicts,
    },
    errors: {
      total: Object.values(errors).reduce((sum, count) => sum + count, 0),
      byType: byType(errors),
      byCode: errors,
      deadLetters: readings.letters.length,
      deadLettersByCode: countOf(readings.letters),
    },
    network: {
      requests,
      failed,
      bytesUp: tallies.bytesUp,
      bytesDown: tallies.bytesDown,
      meanLatency: mean(tallies.latency, requests - failed),
    },
    data: {
      rows: readings.rows,
      quarantined: readings.quarantined,
      parked: readings.parked.length,
      ...(usage !== undefined && { storageUsed: usage }),
      ...(quota !== undefined && { storageQuota: quota }),
    },
  }
}

function mean(sum: number, count: number): number {
  return count === 0 ? 0 : sum / count
}

function byType(errors: Tallies['errors']): Partial<Record<SyncErrorType, number>> {
  const types: Partial<Record<SyncErrorType, number>> = {}
  for (const [code, count] of Object.entries(errors)) {
    const { type } = errorTexts[code as SyncErrorCode]
    types[type] = (types[type] ?? 0) + count
  }
  return types
}

function countOf(codes: readonly SyncErrorCode[]): Partial<Record<SyncErrorCode, number>> {
  const counts: Partial<Record<SyncErrorCode, number>> = {}
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1
  return counts
}
