import type { Row } from '../model/change'
import type { Stamp } from '../model/stamp'
import type { SyncedTable } from '../model/table'
import { differingFields } from './difference'

/** The three rows a conflict is about. `base` undefined = unknown; null = the row does not exist. */
export interface Versions {
  readonly base: Row | null | undefined
  readonly local: Row | null
  readonly remote: Row | null
  /** When the waiting changes were made; absent where that is not known. */
  readonly localTimes?: LocalTimes
}

export interface LocalTimes {
  /** Of the last of them, a deletion included. */
  readonly row: Stamp
  /** Of the last one that touched a field. */
  readonly fields: Readonly<Record<string, Stamp>>
}

/** What must be known of a table to settle its conflicts. */
export type MergeRules = Pick<SyncedTable, 'keyPath' | 'serverFields' | 'conflicts'>

/** True for two rows that say the same, leaving out the fields of the server (decision 8). */
export function isSame(a: Row | null, b: Row | null, serverFields: readonly string[]): boolean {
  return (a === null) === (b === null) && differingFields(a, b, serverFields).length === 0
}
