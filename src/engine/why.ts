import type { SyncState } from '../model/status'

/**
 * What the changes of a row wait for.
 *
 * - `nothing-waits`: all is settled.
 * - `dead-letter`, `parked`: for a person; `heldBy` names the letter or conflict.
 * - `discarding`: they were given up; the request on its way settles first.
 * - `undecided`: a function of the app decides a conflict.
 * - `stopped`, `paused`, `auth-required`, `identity-changed`, `outdated`, `offline`: as the status says.
 * - `newer-code`: for a tab on the code that made it, or newer.
 * - `table-paused`: for `resumeTable()`.
 * - `server-away`: the server failed or asked for time, and is left alone until `nextAttempt`.
 * - `not-due`: the request was sent and goes again at `nextAttempt`.
 * - `on-its-way`: the request is out, or leaves now.
 * - `next`: for the leader's next push.
 */
export type Why =
  | 'nothing-waits'
  | 'dead-letter'
  | 'parked'
  | 'discarding'
  | 'undecided'
  | 'stopped'
  | 'paused'
  | 'auth-required'
  | 'identity-changed'
  | 'outdated'
  | 'newer-code'
  | 'offline'
  | 'table-paused'
  | 'server-away'
  | 'not-due'
  | 'on-its-way'
  | 'next'

/** What bears on a row's changes. Times in ms of the wall clock. */
export interface Circumstances {
  readonly states: readonly ('waiting' | 'sent' | 'dead' | 'parked')[]
  /** The row itself is parked. */
  readonly parked: boolean
  readonly discarding: boolean
  /** A row of the server is kept that the changes have not been brought together with. */
  readonly incoming: boolean
  readonly tablePaused: boolean
  /** Newer code than this tab's made some of it. */
  readonly newer: boolean
  readonly sync: SyncState
  /** The server is left alone until then; 0 = it is not. */
  readonly serverUntil: number
  /** The request goes again then; 0 = there is none, or it is out. */
  readonly dueAt: number
  readonly now: number
}

const standsStill: ReadonlySet<SyncState> = new Set<SyncState>([
  'stopped',
  'paused',
  'auth-required',
  'identity-changed',
  'outdated',
])

/** What a person must do comes first, then what holds everything back, then what holds this row back. */
export function whyOf(about: Circumstances): Why {
  const { states, sync, now, dueAt, serverUntil } = about
  if (states.includes('dead')) return 'dead-letter'
  if (states.includes('parked') || about.parked) return 'parked'
  if (states.length === 0) return 'nothing-waits'
  if (standsStill.has(sync)) return sync as Why
  if (about.newer) return 'newer-code'
  if (about.tablePaused) return 'table-paused'
  if (serverUntil > now) return 'server-away'
  if (sync === 'offline') return 'offline'
  if (about.discarding) return 'discarding'
  if (states.includes('sent')) return dueAt > now ? 'not-due' : 'on-its-way'
  return about.incoming ? 'undecided' : 'next'
}

/** When something of the row is tried again by itself, ms; undefined where that depends on somebody or something else. */
export function nextAttemptOf({ dueAt, serverUntil, now }: Circumstances, why: Why): number | undefined {
  if (why !== 'server-away' && why !== 'not-due' && why !== 'discarding') return undefined
  const next = Math.max(dueAt, serverUntil)
  return next > now ? next : undefined
}
