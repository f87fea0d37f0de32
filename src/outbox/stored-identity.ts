import { nobodys, type StoredIdentity } from '../model/identity'
import type { Storage, Tx } from '../storage/transaction'

/** Whose data the database holds; `_sync_meta` must be in the scope of `tx`. */
export async function readIdentity(tx: Tx): Promise<StoredIdentity> {
  return (await tx.get<StoredIdentity>('_sync_meta', 'identity')) ?? nobodys
}

/** As {@link readIdentity}, in a transaction of its own. */
export function storedIdentity(storage: Storage): Promise<StoredIdentity> {
  return storage.read(['_sync_meta'], readIdentity)
}

/** Somebody asks for sync again, or the login is gone: who was signed out may come back. Answers what holds from now on. */
export function readmit(storage: Storage): Promise<StoredIdentity> {
  return storage.write(['_sync_meta'], async (tx) => {
    const { signedOut, ...stored } = await readIdentity(tx)
    if (signedOut !== undefined) await tx.put('_sync_meta', [stored])
    return stored
  })
}
