import type { Term } from '../outbox/term'
import { recordId, type WaitingRecord } from '../outbox/waiting'
import { withJitter } from './backoff'
import type { Prepared } from './prepare'

/**
 * Records whose request could not be made because the app's own code failed: each waits alone, longer each time, and
 * loses nothing (I13). In memory only: a reload may bring mended code, so it tries at once.
 */
export class FrozenLater {
  readonly #term: Term
  /** `until`: monotonic, ms. */
  readonly #waits = new Map<string, { attempts: number; until: number }>()

  constructor(term: Term) {
    this.#term = term
  }

  has({ id }: WaitingRecord): boolean {
    const wait = this.#waits.get(id)
    return wait !== undefined && wait.until > this.#term.env.monotonic()
  }

  /** When records may go again, ms of the wall clock. What is past waits for something else by now, or is gone. */
  times(): number[] {
    const { env } = this.#term
    return [...this.#waits.values()]
      .map(({ until }) => until - env.monotonic())
      .filter((left) => left > 0)
      .map((left) => env.now() + left)
  }

  /** Keeps back what may work later; what never can (a value JSON cannot carry) goes on, to be refused. */
  sift(prepared: readonly Prepared[]): Prepared[] {
    return prepared.filter((one) => {
      const ids = (one.kind === 'request' ? one.items : [one.item]).map(({ table, key }) =>
        recordId(table, key),
      )
      if (one.kind === 'failed' && one.error.code === 'stopped') return false // our own doing
      if (one.kind !== 'failed' || !one.error.retryable) {
        for (const id of ids) this.#waits.delete(id)
        return true
      }
      for (const id of ids) this.#postpone(id)
      const { table, key } = one.item
      this.#term.emit('push-error', {
        reason: { code: one.error.code, at: this.#term.env.now() },
        table,
        key,
      })
      return false
    })
  }

  #postpone(id: string): void {
    const { env, settings } = this.#term
    const attempts = this.#waits.get(id)?.attempts ?? 0
    const until = env.monotonic() + withJitter(settings.retryDelay(attempts), env.random())
    this.#waits.set(id, { attempts: attempts + 1, until })
  }
}
