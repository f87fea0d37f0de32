import type { DBCoreTable } from 'dexie'

/** A synced table under capture. */
export interface CapturedTable {
  readonly name: string
  readonly keys: 'server' | 'client'
  /** The table below capture. */
  readonly core: DBCoreTable
}
