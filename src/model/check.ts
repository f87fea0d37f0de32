import type { Key, Row } from './change'
import type { SyncErrorCode } from './error'

/**
 * What `check()` can find. Codes are stable.
 *
 * A row and its waiting changes:
 * - `row-differs`: the row is not the server's with the waiting changes on top. `row-missing`: it is not there.
 *   `row-remains`: it is there, though its deletion waits.
 * - `orphan-row`: it has a temporary key, and nothing will ever send it.
 * - `not-routed`: changes wait in a table that sends none.
 *
 * What sync keeps beside the rows:
 * - `fence-without-entry`: a request was sent of which the changes are gone. `sent-twice`: two requests carry one change.
 * - `wrong-identity`: a request carries changes of another login.
 * - `held-for-nobody`: a change is held under a dead letter or conflict that does not exist.
 * - `letter-without-entry`, `conflict-without-entry`: a dead letter or parked conflict holds nothing.
 * - `state-without-entry`: what was kept for waiting changes is there without them.
 * - `progress-without-log`: what became of changes is there without them.
 * - `alias-unfinished`: a temporary key stands for another temporary key.
 *
 * This device and the server (with `server: true`), where nothing waits that explains it:
 * - `differs`: the row is another there. `missing-here`, `missing-there`: only the other side has it.
 */
export type CheckCode =
  | 'row-differs'
  | 'row-missing'
  | 'row-remains'
  | 'orphan-row'
  | 'not-routed'
  | 'fence-without-entry'
  | 'sent-twice'
  | 'wrong-identity'
  | 'held-for-nobody'
  | 'letter-without-entry'
  | 'conflict-without-entry'
  | 'state-without-entry'
  | 'progress-without-log'
  | 'alias-unfinished'
  | 'differs'
  | 'missing-here'
  | 'missing-there'

/** One thing that does not fit. Holds no row contents, unless they were asked for. */
export interface CheckFinding {
  readonly code: CheckCode
  /** Absent where it is about no table. */
  readonly table?: string
  /** The key of the row it is about. */
  readonly key?: Key
  /** The names of the fields that differ. */
  readonly fields?: readonly string[]
  /** Id of the dead letter, conflict or request it is about. */
  readonly id?: string
  /** The server could not be asked for the row again: it may have changed while the list was read. */
  readonly unsettled?: true
  /** What is wrong, and where that usually comes from. */
  readonly message: string
  /** What can be done about it. */
  readonly fix: string
  /** The row as it is and as it should be; null = none. With `rows: true` only. */
  readonly rows?: { readonly local: Row | null; readonly expected: Row | null }
}

/** Why a table was not compared: `not-pulled`, its route has no list; `paused`; else what held the request up. */
export type NotCompared = 'not-pulled' | 'paused' | SyncErrorCode

/** How many rows the server has listed of a table, or why it was not compared. */
export type ServerCheck = { readonly listed: number } | { readonly why: NotCompared }

/** What `check()` answers. */
export interface CheckReport {
  /** Nothing was found, and every table was compared with the server that was to be. */
  readonly ok: boolean
  /** How many rows each table that was looked at has. */
  readonly checked: Readonly<Record<string, number>>
  readonly findings: readonly CheckFinding[]
  /** By table, with `server: true` only. */
  readonly server?: Readonly<Record<string, ServerCheck>>
}

/** How `check()` looks. */
export interface CheckOptions {
  /**
   * Compares with the server as well, where it can list: asks for everything from the start, page by page, and once more
   * for the rows that differ (at most 100 a table, where the route can read one). What was written there since the last
   * pull is no finding, but a deletion cannot be told from a row the server never had: call `sync()` first. The functions
   * of the route are called as in a pull. Default false.
   */
  readonly server?: boolean
  /** Findings show the rows they are about. Default false: a report may then be logged. */
  readonly rows?: boolean
}
