import { errorTexts, type SyncErrorCode, type SyncErrorType } from '../model/error'
import type { SyncEvent } from '../model/event'
import type { Reason } from '../model/outcome'
import type { SyncState, SyncStatus } from '../model/status'

/** What the tabs of one database share: the leader knows it and tells a tab that has just been opened. */
export interface SharedStatus {
  readonly pushing: boolean
  readonly pulling: boolean
  readonly paused: boolean
  /** Absent where an older release leads. */
  readonly pausedTables?: readonly string[]
  /** Waiting for a login. */
  readonly signedOut: boolean
  /** The database holds the data of somebody else than who is logged in where the leader is. */
  readonly identityChanged: boolean
  /** The last exchange did not reach the server. */
  readonly unreachable: boolean
  readonly hasSynced: boolean
  readonly lastSyncedAt?: number
  readonly progress?: NonNullable<SyncStatus['progress']>
  readonly error?: Reason
}

/** All the status is made of: what is shared, and what is this tab's own. */
export interface StatusFacts {
  readonly shared: SharedStatus
  readonly engine:
    | 'stopped'
    | 'starting'
    | 'running'
    | 'outdated'
    | 'closed'
    | 'storage-failed'
    | 'unavailable'
  readonly online: boolean
  readonly leader: boolean
  /** As `identityChanged`, in this tab. */
  readonly otherHere: boolean
  readonly counts: Readonly<Pick<SyncStatus, 'pending' | 'deadLetters' | 'conflicts'>>
}

/** What changes the status: every event, and a few facts that are nobody's event. */
export type StatusFact =
  | SyncEvent
  | { readonly name: 'engine'; readonly data: StatusFacts['engine'] }
  | { readonly name: 'role'; readonly data: { readonly leader: boolean } }
  | { readonly name: 'counts'; readonly data: StatusFacts['counts'] }
  | { readonly name: 'paused'; readonly data: boolean }
  | { readonly name: 'paused-tables'; readonly data: readonly string[] }
  /** Somebody was signed out of the database; `ours`: it holds the data of who is logged in here now. */
  | { readonly name: 'emptied'; readonly data: { readonly ours: boolean } }
  | { readonly name: 'identity'; readonly data: { readonly other: boolean } }
  /** What the database remembers of earlier syncs. */
  | { readonly name: 'synced'; readonly data: { readonly hasSynced: boolean; readonly at?: number } }
  /** What another tab, the leader, knows. */
  | { readonly name: 'shared'; readonly data: SharedStatus }

const nothing: StatusFacts['counts'] = { pending: 0, deadLetters: 0, conflicts: 0 }

export function initialFacts(online: boolean): StatusFacts {
  return {
    engine: 'stopped',
    online,
    leader: false,
    otherHere: false,
    counts: nothing,
    shared: {
      pushing: false,
      pulling: false,
      paused: false,
      signedOut: false,
      identityChanged: false,
      unreachable: false,
      hasSynced: false,
    },
  }
}

/** The facts after one more. `at` is the wall clock, ms. Pure: tabs that hear the same show the same. */
export function reduce(facts: StatusFacts, fact: StatusFact, at: number): StatusFacts {
  switch (fact.name) {
    case 'engine':
      // A tab that is stopped or has no database hears nothing any more: what was going on is not known here.
      return {
        ...facts,
        engine: fact.data,
        shared: deaf.has(fact.data) ? quiet(facts.shared) : facts.shared,
      }
    case 'role':
      return { ...facts, leader: fact.data.leader }
    case 'identity':
      return { ...facts, otherHere: fact.data.other }
    case 'counts':
      return { ...facts, counts: fact.data }
    case 'emptied':
      return { ...facts, counts: nothing, shared: emptied(facts.shared, fact.data.ours) }
    case 'shared':
      return { ...facts, shared: fact.data }
    case 'online':
    case 'offline':
      return { ...facts, online: fact.name === 'online' }
    default:
      return { ...facts, shared: reduceShared(facts.shared, fact, at) }
  }
}

const deaf: ReadonlySet<StatusFacts['engine']> = new Set(['stopped', 'closed', 'storage-failed'])

type SharedFact = Exclude<
  StatusFact,
  { readonly name: 'engine' | 'role' | 'identity' | 'emptied' | 'counts' | 'shared' | 'online' | 'offline' }
>

function reduceShared(shared: SharedStatus, fact: SharedFact, at: number): SharedStatus {
  switch (fact.name) {
    case 'paused':
      return { ...shared, paused: fact.data }
    case 'paused-tables':
      return { ...shared, pausedTables: fact.data }
    case 'synced': {
      const { hasSynced, at: lastSyncedAt } = fact.data
      return { ...shared, hasSynced, ...(lastSyncedAt === undefined ? {} : { lastSyncedAt }) }
    }
    case 'push-start':
      return { ...shared, pushing: true }
    case 'pull-start':
      return { ...shared, pulling: true }
    case 'progress':
      return { ...shared, progress: fact.data }
    case 'push-complete': {
      const { reason, pushed, failed } = fact.data
      return judged(ended(shared, 'push'), reason, pushed + failed > 0)
    }
    case 'pull-complete':
      return judged(ended(shared, 'pull'), fact.data.reason, fact.data.complete)
    case 'sync-complete': {
      const { reason } = fact.data
      const after = judged(quiet(shared), reason, true)
      return reason ? after : { ...after, lastSyncedAt: at }
    }
    case 'push-error':
      // With a key it is about one change, and the push goes on.
      return failed(fact.data.key === undefined ? ended(shared, 'push') : shared, fact.data.reason)
    case 'pull-error':
      return failed(ended(shared, 'pull'), fact.data.reason)
    case 'sync-error':
      return failed(quiet(shared), fact.data.reason)
    case 'auth-required':
      return { ...shared, signedOut: true, identityChanged: false, error: fact.data.reason }
    case 'identity-changed':
      return { ...shared, signedOut: false, identityChanged: true, error: fact.data.reason }
    case 'storage-error':
      return { ...shared, error: fact.data.reason }
    case 'leader-change':
      // The old leader may have died in the middle of a push.
      return quiet(shared)
    default:
      return shared
  }
}

function emptied(shared: SharedStatus, ours: boolean): SharedStatus {
  const { error, lastSyncedAt, ...rest } = quiet(shared)
  return { ...rest, hasSynced: false, identityChanged: false, signedOut: !ours }
}

function quiet(shared: SharedStatus): SharedStatus {
  const { progress, ...rest } = shared
  return { ...rest, pushing: false, pulling: false }
}

function ended(shared: SharedStatus, phase: 'push' | 'pull'): SharedStatus {
  const { progress, ...rest } = shared
  const over = phase === 'push' ? { pushing: false } : { pulling: false }
  return { ...rest, ...(progress && progress.phase !== phase ? { progress } : {}), ...over }
}

/** The server was reached and the login holds, unless the reason says otherwise, or nothing was `asked`. */
function judged(shared: SharedStatus, reason: Reason | undefined, asked: boolean): SharedStatus {
  if (reason) return failed(shared, reason)
  if (!asked) return shared
  const { error, ...rest } = shared
  return { ...rest, unreachable: false, signedOut: false, identityChanged: false }
}

/** A failure here, or on the way, tells nothing of the login: a full disk does not bring it back. */
function failed(shared: SharedStatus, reason: Reason): SharedStatus {
  const { code } = reason
  const isOurs = ownTypes.has(errorTexts[code].type)
  const unheard = isOurs || noConnection.has(code)
  return {
    ...shared,
    error: reason,
    unreachable: noConnection.has(code) || (shared.unreachable && isOurs),
    signedOut: code === 'auth-required' || (shared.signedOut && unheard),
    identityChanged: code === 'identity-changed' || (shared.identityChanged && unheard),
  }
}

/** Types of failures in this device. */
const ownTypes: ReadonlySet<SyncErrorType> = new Set<SyncErrorType>(['client', 'quota'])

const noConnection: ReadonlySet<SyncErrorCode> = new Set<SyncErrorCode>([
  'offline',
  'network-failed',
  'timeout',
  'intercepted',
  'server-busy',
])

/** What the app sees of the facts. */
export function statusOf({ engine, online, leader, otherHere, counts, shared }: StatusFacts): SyncStatus {
  const { pushing, pulling, hasSynced, lastSyncedAt, progress, error } = shared
  return {
    state: stateOf(engine, online, otherHere ? { ...shared, identityChanged: true } : shared),
    online,
    pushing,
    pulling,
    leader,
    pending: counts.pending,
    deadLetters: counts.deadLetters,
    conflicts: counts.conflicts,
    pausedTables: shared.pausedTables ?? [],
    hasSynced,
    ...(lastSyncedAt === undefined ? {} : { lastSyncedAt }),
    ...(progress ? { progress } : {}),
    ...(error ? { error } : {}),
  }
}

/** What a person can do something about comes first; an exchange on its way shows that a connection is tried. */
function stateOf(engine: StatusFacts['engine'], online: boolean, shared: SharedStatus): SyncState {
  if (engine !== 'running') return engine
  if (shared.paused) return 'paused'
  if (shared.identityChanged) return 'identity-changed'
  if (shared.signedOut) return 'auth-required'
  if (shared.pushing || shared.pulling) return 'syncing'
  return online && !shared.unreachable ? 'idle' : 'offline'
}
