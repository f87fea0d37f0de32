import type { StoredIdentity } from '../model/identity'
import type { Storage } from '../storage/transaction'
import { checkEpoch } from './leader-check'
import { readIdentity } from './stored-identity'

/** A database that is nobody's becomes that of who is logged in, with what was written before (I11). */
export function claim(storage: Storage, epoch: number, identity: string): Promise<StoredIdentity> {
  return storage.write(['_sync_meta', '_sync_leader'], async (tx) => {
    await checkEpoch(tx, epoch)
    const stored = await readIdentity(tx)
    if (stored.identity !== '') return stored
    const claimed: StoredIdentity = { name: 'identity', identity }
    await tx.put('_sync_meta', [claimed])
    return claimed
  })
}
