import type { KeyPath } from '../../model/table'

/** What the protocol must know of a table of the database. */
export interface TableShape {
  readonly keyPath: KeyPath
  /** The key auto-increments. */
  readonly auto: boolean
  /** Names of the indexed fields: of several usual names for a field, they tell the app's. */
  readonly indexes?: readonly string[]
}
