import { SyncError } from '../model/error'
import { isOutdated, type Schema, type StoredSchema } from '../model/schema'
import type { Storage, Tx } from '../storage/transaction'
import { vacate } from './leader-check'

/** The shape of what the database keeps; `_sync_meta` must be in the scope of `tx`. */
export function readSchema(tx: Tx): Promise<StoredSchema | undefined> {
  return tx.get<StoredSchema>('_sync_meta', 'schema')
}

/**
 * Locks out older code where this one brings rows to a shape of its own: whoever leads loses its term. False = this code
 * is the older one.
 */
export async function enterSchema(storage: Storage, schema: Schema): Promise<boolean> {
  const stored = await storage.read(['_sync_meta'], readSchema)
  if (stored && isOutdated(schema, stored)) return false
  const version = schema.version()
  if (!schema.migrate || (stored?.least ?? 0) >= version) return true
  return storage.write(['_sync_meta', '_sync_leader', '_sync_log'], async (tx) => {
    const now = await readSchema(tx)
    if (now && isOutdated(schema, now)) return false
    // Before anybody led with code that writes this down, all there is is the log.
    const [first] = now ? [] : await tx.scan<{ schemaVersion: number }>('_sync_log', {}, 1)
    const known = now?.version ?? first?.schemaVersion ?? version
    await tx.put('_sync_meta', [{ name: 'schema', version: known, least: version } satisfies StoredSchema])
    await vacate(tx)
    return true
  })
}

/** @throws SyncError `outdated-code` where newer code has given what is kept a shape this one does not know */
export async function refuseOutdated(tx: Tx, schema: Schema): Promise<void> {
  const stored = await readSchema(tx)
  if (stored && isOutdated(schema, stored)) throw new SyncError('outdated-code')
}
