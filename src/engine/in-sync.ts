import { SyncError } from '../model/error'

interface Waiter {
  /** A whole cycle that began since has come to its end without a reason. */
  clean: boolean
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Those who wait until device and server are in sync, during one term: followers ask the leader, who knows. */
export class InSync {
  readonly #waiters = new Set<Waiter>()

  /** Resolves once a whole cycle that began after this call has succeeded and nothing waits; `no-leader` at the end of the term. */
  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.add({ clean: false, resolve, reject })
    })
  }

  /** A whole cycle begins; the answer is to be called when it has succeeded. */
  cycleBegins(): () => void {
    const waiting = [...this.#waiters]
    return () => {
      for (const waiter of waiting) waiter.clean = true
    }
  }

  /** Nothing waits at the moment, and everything has been pulled once. */
  quiet(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.clean) continue
      this.#waiters.delete(waiter)
      waiter.resolve()
    }
  }

  /** The term is over: who waits asks the next leader. */
  end(): void {
    for (const { reject } of this.#waiters) reject(new SyncError('no-leader'))
    this.#waiters.clear()
  }
}
