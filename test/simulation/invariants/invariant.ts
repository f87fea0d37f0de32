import type { ConflictOptions } from '../../../src/model/conflict-rules'
import type { History, Stores } from '../history'
import type { ServerWeather } from '../server-weather'

/** What an invariant is judged by: all that was done, and what is left. */
export interface Evidence {
  readonly history: History
  readonly stores: Stores
  /** The server honours Idempotency-Key. */
  readonly idempotent: boolean
  /** ms before a checkpoint within which rows may still come to light: what the server's faults bring about. */
  readonly lookback: number
  /** How many lists all devices would ask for in this time if nothing ever happened. */
  readonly polls: number
  /** What is deleted at the server vanishes without a trace. */
  readonly traceless: boolean
  /** Tables whose keys the app makes. */
  readonly clientKeys: ReadonlySet<string>
  /** Tables whose rows the library cannot put in order. */
  readonly unordered: ReadonlySet<string>
  /** How conflicts of a table are settled. */
  readonly conflicts: Readonly<Record<string, Omit<ConflictOptions, 'onConflict'>>>
  /** The app has an `onConflict`. */
  readonly asks: boolean
  readonly serverWeather: ServerWeather
  /** A page is applied in slices, the last of which moves the checkpoint. */
  readonly sliced: boolean
}

/** A promise, judged after the fact: says what breaks it, one sentence each. */
export interface Invariant {
  readonly name: string
  /** Calls `reach` for each thing it has judged: silence about nothing is worth nothing. */
  readonly judge: (evidence: Evidence, reach: () => void) => string[]
}

export interface Verdict {
  /** Every broken promise, with its name; empty for a good run. */
  readonly broken: readonly string[]
  /** How many things each invariant has judged. */
  readonly reached: Readonly<Record<string, number>>
}

/** Stores that hold the app's rows. */
export function isAppStore(store: string): boolean {
  return !store.startsWith('_sync_')
}
