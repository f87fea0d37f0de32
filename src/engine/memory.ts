import type { AliasMap } from '../keys/alias-map'
import type { Alias } from '../model/alias'
import type { StoredIdentity } from '../model/identity'
import { readIdentity } from '../outbox/stored-identity'
import type { Storage } from '../storage/transaction'

/** What the database remembers and every tab must know: read when a tab joins, and when it begins to lead. */
export interface Memory {
  readonly paused: boolean
  readonly identity: StoredIdentity
}

/** Reads it, and renews this tab's aliases. */
export function readMemory(storage: Storage, aliases: AliasMap): Promise<Memory> {
  return storage.read(['_sync_meta', '_sync_aliases'], async (tx) => {
    for (const { table, temporary, key } of await tx.scan<Alias>('_sync_aliases'))
      aliases.set(table, temporary, key)
    const paused = await tx.get<{ paused: boolean }>('_sync_meta', 'paused')
    return { paused: paused?.paused === true, identity: await readIdentity(tx) }
  })
}

/** A pause outlives a reload (`DESIGN` 3). */
export function rememberPaused(storage: Storage, paused: boolean): Promise<void> {
  return storage.write(['_sync_meta'], (tx) => tx.put('_sync_meta', [{ name: 'paused', paused }]))
}
