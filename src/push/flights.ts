import type { Fence } from '../model/entry'
import type { Outcome } from '../model/outcome'
import type { Term } from '../outbox/term'
import { askRemote } from './ask-remote'
import type { Answered } from './job'
import { weigh } from './weigh'

/** The requests that are on their way, and the answers that have come and are not settled. */
export class Flights {
  readonly #term: Term
  readonly #flying = new Map<string, { readonly sentAt: number; readonly landing: Promise<void> }>()
  #landed: Answered[] = []

  constructor(term: Term) {
    this.#term = term
  }

  /** Requests whose answer has not come. */
  get count(): number {
    return this.#flying.size
  }

  /** When the oldest of them was sent, monotonic, ms. */
  get oldest(): number | undefined {
    const [first] = this.#flying.values()
    return first?.sentAt
  }

  /** True from start until the answer was handed out for settling. */
  has({ id }: Fence): boolean {
    return this.#flying.has(id) || this.#landed.some(({ fence }) => fence.id === id)
  }

  /**
   * Sends a committed request; `landed` is called as soon as its place is free. The answer is weighed before: it may ask
   * for a pause, and then nothing is to take the place.
   */
  start(fence: Fence, landed: () => void): void {
    const landing = this.#send(fence).then((outcomes) => {
      this.#flying.delete(fence.id)
      this.#landed.push({ fence, outcomes })
      landed()
    })
    this.#flying.set(fence.id, { sentAt: this.#term.env.monotonic(), landing })
  }

  /** Answers that have come, at most `limit`. */
  answered(limit: number): Answered[] {
    return this.#landed.splice(0, limit)
  }

  /** Resolves when the next answer has come. */
  async landing(): Promise<void> {
    if (this.#landed.length > 0) return
    await Promise.race([...this.#flying.values()].map(({ landing }) => landing))
  }

  async #send(fence: Fence): Promise<readonly Outcome[]> {
    const { protocol, over, env, origin } = this.#term
    const asked = origin.setbacks
    const weighed = (outcomes: readonly Outcome[]) => weigh(this.#term, outcomes, asked)
    try {
      const outcomes = await protocol.push(fence.request, fence.items, {
        id: fence.id,
        signal: over,
        probe: origin.probing,
      })
      if (outcomes.length === fence.items.length)
        return await Promise.all(
          weighed(outcomes).map((outcome, i) => askRemote(this.#term, fence.items[i]!, outcome)),
        )
    } catch (error) {
      env.report(error)
    }
    // A protocol that fails says nothing about the server: the same bytes go again (R8: unknown = retry).
    const reason = { code: 'user-code-failed' as const, at: env.now() }
    return weighed(fence.items.map(() => ({ kind: 'unknown', reason, spends: true })))
  }
}
