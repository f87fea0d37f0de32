import type { SyncErrorCode } from '../model/error'
import type { SyncEvent, SyncResult } from '../model/event'
import type { Exchange } from '../model/exchange'
import type { Reason } from '../model/outcome'

/** What is counted since the first tab was opened. Times in ms. */
export interface Tallies {
  readonly since: number
  readonly lastStart?: number
  readonly lastEnd?: number
  readonly lastDuration?: number
  readonly syncs: number
  readonly pushes: number
  readonly pulls: number
  readonly pushed: number
  readonly pulled: number
  readonly conflicts: number
  /** Time spent by pushes that had something accepted, for each change. */
  readonly pushTime: number
  readonly errors: Readonly<Partial<Record<SyncErrorCode, number>>>
  /** The last error that was counted: a cycle tells once more what its parts have told. */
  readonly lastError?: { readonly code: SyncErrorCode; readonly at: number }
  readonly requests: number
  readonly failed: number
  readonly bytesUp: number
  readonly bytesDown: number
  readonly latency: number
  /** Since when no request was answered well: nobody answers, or the server fails. */
  readonly awaySince?: number
  readonly failing: boolean
}

/** What is counted: every event, and the requests of the leader. */
export type TallyFact = SyncEvent | { readonly name: 'exchange'; readonly data: Exchange }

export function noTallies(since: number): Tallies {
  return {
    since,
    syncs: 0,
    pushes: 0,
    pulls: 0,
    pushed: 0,
    pulled: 0,
    conflicts: 0,
    pushTime: 0,
    errors: {},
    requests: 0,
    failed: 0,
    bytesUp: 0,
    bytesDown: 0,
    latency: 0,
    failing: false,
  }
}

/** The tallies after one more fact. `now` is the wall clock, ms. Pure. */
export function tally(tallies: Tallies, fact: TallyFact, now: number): Tallies {
  switch (fact.name) {
    case 'sync-start':
      return { ...tallies, lastStart: now }
    case 'sync-complete': {
      const { duration } = fact.data
      const ended = { ...tallies, syncs: tallies.syncs + 1, lastEnd: now, lastDuration: duration }
      return withReason(ended, fact.data.reason, now)
    }
    case 'push-complete':
      return withReason(afterPush(tallies, fact.data), fact.data.reason, now)
    case 'pull-complete': {
      const { pulled, conflicts, reason } = fact.data
      return withReason(
        {
          ...tallies,
          pulls: tallies.pulls + 1,
          pulled: tallies.pulled + pulled,
          conflicts: tallies.conflicts + conflicts,
        },
        reason,
        now,
      )
    }
    case 'push-error': {
      // With a key it is about one change, told once; many fail at the same moment.
      const { key, reason } = fact.data
      return key === undefined ? withReason(tallies, reason, now) : counted(tallies, reason)
    }
    case 'dead-letter':
      return counted(tallies, fact.data.reason)
    case 'pull-error':
    case 'sync-error':
    case 'storage-error':
    case 'auth-required':
    case 'identity-changed':
      return withReason(tallies, fact.data.reason, now)
    case 'offline':
      return { ...tallies, awaySince: tallies.awaySince ?? now }
    case 'exchange':
      return afterExchange(tallies, fact.data, now)
    default:
      return tallies
  }
}

function afterPush(tallies: Tallies, { pushed, conflicts, duration }: SyncResult): Tallies {
  return {
    ...tallies,
    pushes: tallies.pushes + 1,
    pushed: tallies.pushed + pushed,
    conflicts: tallies.conflicts + conflicts,
    pushTime: tallies.pushTime + pushed * duration,
  }
}

/** An error counts once, however many events carry it; those that are older than the last have been counted. */
function withReason(tallies: Tallies, reason: Reason | undefined, now: number): Tallies {
  if (!reason) return tallies
  const { lastError: last } = tallies
  // A clock that was set back leaves a last time in the future, which says nothing.
  if (!last || last.at > now) return counted(tallies, reason)
  const isNews = reason.at > last.at || (reason.at === last.at && reason.code !== last.code)
  return isNews ? counted(tallies, reason) : tallies
}

function counted(tallies: Tallies, { code, at }: Reason): Tallies {
  const errors = { ...tallies.errors, [code]: (tallies.errors[code] ?? 0) + 1 }
  return { ...tallies, errors, lastError: { code, at } }
}

function afterExchange(tallies: Tallies, { status, duration, up, down }: Exchange, now: number): Tallies {
  const { awaySince, ...before } = tallies
  const failing = status !== undefined && isFailing(status)
  const away = status === undefined || failing
  return {
    ...before,
    requests: tallies.requests + 1,
    failed: tallies.failed + (status === undefined ? 1 : 0),
    bytesUp: tallies.bytesUp + up,
    bytesDown: tallies.bytesDown + down,
    latency: tallies.latency + (status === undefined ? 0 : duration),
    failing,
    ...(away && { awaySince: awaySince ?? now }),
  }
}

/** Statuses that say the server as a whole does not do its work. */
function isFailing(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429
}
