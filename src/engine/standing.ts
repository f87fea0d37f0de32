import type { StoredIdentity } from '../model/identity'

/**
 * How who is logged in stands to a database (I11).
 *
 * - `ours`: it holds their data. Only then anything is sent or pulled.
 * - `unclaimed`: it is nobody's yet; it becomes theirs.
 * - `unknown`: nobody is logged in, or it is not known yet.
 * - `signed-out`: they have been signed out of it, and the app tells of them still.
 * - `other`: it holds somebody else's data.
 */
export type Standing = 'ours' | 'unclaimed' | 'unknown' | 'signed-out' | 'other'

export function standingOf(
  { identity, signedOut }: Pick<StoredIdentity, 'identity' | 'signedOut'>,
  current: string | null,
): Standing {
  if (current === null) return 'unknown'
  if (signedOut === current) return 'signed-out'
  if (identity === current) return 'ours'
  return identity === '' ? 'unclaimed' : 'other'
}
