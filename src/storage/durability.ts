import Dexie from 'dexie'

interface Zone {
  readonly syncStrict?: boolean
}

interface ZonedPromise {
  readonly PSD: Zone
  newPSD<T>(run: () => T, facts: object): T
}

const zones = Dexie.Promise as unknown as ZonedPromise

/**
 * Transactions begun inside `begin` are flushed to disk before they complete (I3). Dexie knows durability per database
 * only; so the wish travels in its promise zone to where the native transaction is made. A transaction that is open
 * around the call is not joined.
 */
export function withStrictDurability<T>(begin: () => T): T {
  return zones.newPSD(begin, { syncStrict: true, trans: null, transless: null })
}

/** True inside {@link withStrictDurability}. */
export function wantsStrictDurability(): boolean {
  return zones.PSD.syncStrict === true
}
