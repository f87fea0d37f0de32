import type { Environment } from '../environment'
import type { VanishMarker } from '../storage/marker'
import { isClosed } from '../storage/storage-error'
import type { Storage } from '../storage/transaction'

interface Instance {
  readonly name: 'instance'
  readonly instance: string
  readonly vanished: boolean
}

/**
 * Finds out whether this database was synced before and has lost its sync tables (decision 4): the marker remembers an
 * instance the database does not know. The finding is stored, so that it holds until every row was looked at.
 */
export async function findInstance(
  storage: Storage,
  marker: VanishMarker,
  env: Pick<Environment, 'uuid'>,
  report: (error: unknown) => void,
): Promise<{ readonly vanished: boolean }> {
  const marked = await marker.read().catch((error: unknown) => {
    if (isClosed(error)) throw error // this tab leaves; the finding is the next leader's
    report(error) // without the marker a loss goes unnoticed, but nothing else depends on it
    return undefined
  })
  const known = await storage.write(['_sync_meta'], async (tx) => {
    const stored = await tx.get<Instance>('_sync_meta', 'instance')
    if (stored) return stored
    const made: Instance = { name: 'instance', instance: env.uuid(), vanished: marked !== undefined }
    await tx.put('_sync_meta', [made])
    return made
  })
  if (marked !== known.instance) await marker.write(known.instance).catch(report)
  return { vanished: known.vanished }
}
