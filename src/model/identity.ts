/** How the app tells who is logged in. */
export type IdentityOption = string | (() => string | null | undefined)

/** Whose data a database holds (I11): one row of `_sync_meta`. */
export interface StoredIdentity {
  readonly name: 'identity'
  /** '' = nobody's yet: the first who logs in takes it over with what was written before. */
  readonly identity: string
  /** Place in the log since when it is so: what others wrote before has been put away. */
  readonly since: number
  /** Who was signed out: while the app still tells of them, nothing comes back until somebody asks for it. */
  readonly signedOut?: string
}

export const nobodys: StoredIdentity = { name: 'identity', identity: '', since: 0 }

/** Whether a record of the log belongs to an identity. '' = written by sync, or while nobody was known: the database's. */
export function isOf(record: { readonly identity: string }, identity: string): boolean {
  return record.identity === '' || record.identity === identity
}

/** Whether whose data it was has been signed out since a database was known as `before`. */
export function hasLeft(before: StoredIdentity, now: StoredIdentity): boolean {
  if (before.identity !== '' && before.identity !== now.identity) return true
  return now.signedOut !== undefined && now.signedOut !== before.signedOut
}
