import { sameValue } from '../model/equal'
import type { SyncStatus } from '../model/status'
import { initialFacts, reduce, type SharedStatus, type StatusFact, statusOf } from './reduce'

/** The status of this tab, in the form bindings want it (`useSyncExternalStore` and its like). */
export interface StatusStore {
  apply(fact: StatusFact): void
  /** The same object while nothing changed. */
  getSnapshot(): SyncStatus
  /** Called after each change, not at once. Listeners that throw are reported. */
  subscribe(listener: () => void): () => void
  /** What the leader tells other tabs. */
  shared(): SharedStatus
}

/** What the store needs of the environment. */
interface StoreWorld {
  readonly now: () => number
  readonly isOnline: () => boolean
  readonly report: (error: unknown) => void
}

export function createStatusStore({ now, isOnline, report }: StoreWorld): StatusStore {
  let facts = initialFacts(isOnline())
  let snapshot = statusOf(facts)
  const listeners = new Set<{ readonly tell: () => void }>()

  function apply(fact: StatusFact): void {
    facts = reduce(facts, fact, now())
    const next = statusOf(facts)
    if (sameValue(next, snapshot)) return
    snapshot = next
    for (const listener of [...listeners]) {
      if (!listeners.has(listener)) continue
      try {
        listener.tell()
      } catch (error) {
        report(error)
      }
    }
  }

  return {
    apply,
    getSnapshot: () => snapshot,
    shared: () => facts.shared,
    subscribe(tell) {
      // One object a call: the same function may subscribe twice.
      const listener = { tell }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
