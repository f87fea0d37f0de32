import type { Key } from './change'

/** A temporary key and the key the server made for the row. */
export interface Alias {
  readonly table: string
  readonly temporary: Key
  readonly key: Key
  /** When the row was renamed, ms. */
  readonly at: number
}
