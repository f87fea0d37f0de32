import type { Alias } from '../model/alias'
import type { Key } from '../model/change'
import type { Tx } from '../storage/transaction'
import { recordId } from './waiting'
import type { Owned } from './whose'

/** The key a record has by now, where a change still names its temporary one. */
export type KeyNow = (table: string, key: Key) => Key

/** Reads the aliases of the records of changes in one request, within the caller's transaction. */
export async function keysNow(tx: Tx, changes: readonly Owned[]): Promise<KeyNow> {
  const aliases = await tx.getMany<Alias>(
    '_sync_aliases',
    changes.map(({ table, change }) => [table, change.key]),
  )
  const known = new Map(
    aliases.flatMap((alias) => (alias ? [[recordId(alias.table, alias.temporary), alias.key] as const] : [])),
  )
  return (table, key) => known.get(recordId(table, key)) ?? key
}
