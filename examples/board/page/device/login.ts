import type { User } from './session'
import type { Device } from './use-board'

/** What becomes of changes that are not at the server when somebody leaves. */
export type Leaving = 'refuse' | 'push' | 'keep' | 'discard'

/** Takes the rows off this device, then forgets who was logged in. Rejects where changes stand in the way. */
export async function signOut({ sync, session }: Device, pending: Leaving): Promise<void> {
  await sync.signOut({ pending })
  session.logOut()
}

export async function logIn({ sync, session }: Device, user: User): Promise<void> {
  session.logIn(user)
  await sync.start()
}
