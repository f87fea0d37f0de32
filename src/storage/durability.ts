import { currentZone, inNewZone } from './zone'

/**
 * Transactions begun inside `begin` are flushed to disk before they complete (I3). Dexie knows durability per database
 * only; so the wish travels in its promise zone to where the native transaction is made. A transaction that is open
 * around the call is not joined.
 */
export function withStrictDurability<T>(begin: () => T): T {
  return inNewZone({ syncStrict: true, trans: null, transless: null }, begin)
}

/** True inside {@link withStrictDurability}. */
export function wantsStrictDurability(): boolean {
  return (currentZone() as { syncStrict?: boolean }).syncStrict === true
}
