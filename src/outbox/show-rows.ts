import { withKey } from '../keys/key-in-row'
import { keyText } from '../keys/key-text'
import type { Key } from '../model/change'
import type { SyncedTable } from '../model/table'
import type { Batch } from '../storage/batch'
import { applyChanges } from './coalesce'
import type { Seal } from './seal'
import { byRecord, type Owned } from './whose'

/** What was put away, and since when. */
export interface PutAway {
  /** Rows of changes later in the log are where they belong. */
  readonly since: number
  readonly seal: Seal | undefined
  /** The key a record has by now. */
  readonly resolve: (table: string, key: Key) => Key
}

/** Puts rows back that were put away (I11): a row is its base with the waiting changes on top (I6). */
export function showRows(
  batch: Batch,
  tables: ReadonlyMap<string, Pick<SyncedTable, 'keyPath'>>,
  own: readonly Owned[],
  { since, seal, resolve }: PutAway,
): void {
  const put = (table: string, key: Key, row: Record<string, unknown> | null | undefined) => {
    const known = tables.get(table)
    if (row && known) batch.put(table, key, withKey(row, known.keyPath, key))
  }
  // A row nobody has changed here, parked for a person, is in its conflict alone.
  for (const { table, key, entries, local } of seal?.conflicts ?? [])
    if (key !== undefined && entries.length === 0) put(table, resolve(table, key), local)
  const states = new Map(
    seal?.states.map((state) => [JSON.stringify([state.table, keyText(state.key)]), state]) ?? [],
  )
  for (const { table, key, entries } of byRecord(own, resolve)) {
    if (entries.every(({ ref }) => ref[0] > since)) continue
    const changes = entries.filter(({ change }) => !change.foreign).map(({ change }) => change)
    if (changes.length === 0) continue
    const state = states.get(JSON.stringify([table, keyText(key)]))
    const base = state?.base !== undefined ? state.base : (changes[0]?.before ?? null)
    put(table, key, applyChanges(base, changes))
  }
}
