import type { Alias } from '../model/alias'
import type { Change, Key, Row } from '../model/change'
import type { CheckCode, CheckFinding } from '../model/check'
import type { EntryRef, Fence, Mark } from '../model/entry'
import type { Conflict, DeadLetter } from '../model/held'
import type { RecordState } from '../model/record-state'
import type { KeyPath } from '../model/table'

/** A change that is not done. */
export interface OpenEntry {
  readonly ref: EntryRef
  readonly table: string
  /** The key the record has by now. */
  readonly key: Key
  readonly change: Change
  readonly mark: Exclude<Mark, 'done'> | undefined
  /** It is of whose data the database holds (I11). */
  readonly own: boolean
  /** What it did shows in the rows: it has not been put away with somebody's sign-out. */
  readonly inSight: boolean
}

/** A record with changes in sight, and its row. */
export interface OpenRecord {
  readonly table: string
  readonly key: Key
  readonly keyPath: KeyPath
  readonly serverFields: readonly string[]
  /** Oldest first. */
  readonly entries: readonly OpenEntry[]
  readonly state: RecordState | undefined
  /** The server's rows its parked changes had last been brought together with: the row stays on them. */
  readonly met: readonly (Row | null)[]
  readonly row: Row | null
}

/** What the database holds at one moment, as the rules look at it. */
export interface Stored {
  /** Of whomever. */
  readonly entries: readonly OpenEntry[]
  readonly records: readonly OpenRecord[]
  /** Numbers of the log records that are there, and of those something is noted of. */
  readonly logged: readonly number[]
  readonly noted: readonly number[]
  readonly fences: readonly Fence[]
  readonly letters: readonly DeadLetter[]
  readonly conflicts: readonly Conflict[]
  readonly states: readonly RecordState[]
  readonly aliases: readonly Alias[]
  /** Rows with a temporary key, in tables where the server makes the keys. */
  readonly unsent: readonly { readonly table: string; readonly key: Key }[]
  /** Tables whose changes are sent. */
  readonly sends: ReadonlySet<string>
}

/** What a rule finds: the texts come later. */
export type Found = Pick<CheckFinding, 'table' | 'key' | 'fields' | 'id' | 'unsettled'> & {
  readonly code: CheckCode
  readonly rows?: CheckFinding['rows']
}
