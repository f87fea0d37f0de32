import { SyncError } from '../model/error'
import { leave } from '../outbox/leave'
import type { Ledger } from '../outbox/ledger'
import { storedIdentity } from '../outbox/stored-identity'
import type { Identity } from './identity'
import type { Tab } from './tab'

/** How `signOut()` treats what is not at the server. */
export interface SignOutOptions {
  /**
   * - `refuse` (default): nothing happens while there is any; rejects with `unsynced-changes`.
   * - `push`: it is sent first; rejects with `unsynced-changes` where something is left, with `identity-changed` while
   *   somebody else is logged in.
   * - `keep`: it is sealed on this device, and goes on when the same login is back. Needs `identity`; rejects
   *   with `unsynced-changes` while rows from before sync (`initialUpload`), or without their history, wait to be looked at.
   * - `discard`: it is dropped for good.
   */
  readonly pending?: 'refuse' | 'push' | 'keep' | 'discard'
}

const forms = ['refuse', 'push', 'keep', 'discard']

/** Signs whose data the database holds out of it (I11): one transaction in this tab; then every tab is told. */
export async function signOut(
  tab: Tab,
  ledger: Ledger,
  identity: Identity,
  { pending = 'refuse' }: SignOutOptions,
): Promise<void> {
  if (!forms.includes(pending))
    throw new SyncError('bad-config', { what: `signOut({ pending }) must be one of ${forms.join(', ')}` })
  // It is about whom this tab knew of when it was called: behind another signOut() the disk tells of who came after them.
  const known = identity.stored.identity
  const current = identity.current()
  const stored = await storedIdentity(ledger.storage)
  identity.remember(stored)
  const asked = known || stored.identity
  const owner = asked || current
  if (pending === 'keep' && !owner)
    throw new SyncError('bad-config', {
      what: 'signOut({ pending: "keep" }) needs identity: nobody could come back',
    })
  if (pending === 'push') {
    if (current !== null && current !== owner) throw new SyncError('identity-changed')
    await tab.call('push')
  }
  const left = await leave(ledger, pending === 'push' ? 'refuse' : pending, current, asked)
  if (left) tab.vacated(left)
}
