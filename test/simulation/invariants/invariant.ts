import type { History, Stores } from '../history'

/** What an invariant is judged by: all that was done, and what is left. */
export interface Evidence {
  readonly history: History
  readonly stores: Stores
  /** The server honours Idempotency-Key. */
  readonly idempotent: boolean
  /** Tables whose keys the app makes. */
  readonly clientKeys: ReadonlySet<string>
}

/** A promise of `FAULTS` 3.5, judged after the fact: says what breaks it, one sentence each. */
export interface Invariant {
  readonly name: string
  readonly judge: (evidence: Evidence) => string[]
}

/** Stores that hold the app's rows. */
export function isAppStore(store: string): boolean {
  return !store.startsWith('_sync_')
}
