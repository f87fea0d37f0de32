import type { Term } from '../outbox/term'
import { decideRecord } from '../outbox/undecided'

/** Records the app is asked about at once: a resolver that hangs holds up few others. */
const atOnce = 20

/** Who wants to know how decisions end. */
export interface DecisionsHeard {
  /** Changes of a record may leave now. */
  decided(): void
  /** The database failed, or the term is over. */
  failed(error: unknown): void
}

/**
 * Settles what a page or an answer left undecided: where functions of the app have the first word, and where later edits
 * met a newer row of the server. Beside the work of push and pull: nothing else waits for it (I13).
 */
export class Decisions {
  readonly #term: Term
  readonly #heard: DecisionsHeard
  readonly #asked = new Map<string, Promise<void>>()
  #giveUp = new AbortController()
  #count = 0

  constructor(term: Term, heard: DecisionsHeard) {
    this.#term = term
    this.#heard = heard
  }

  /** How many records were decided so far. */
  get count(): number {
    return this.#count
  }

  /** Asks about whatever is undecided, and is not being asked about. */
  begin(): void {
    if (this.#term.over.aborted || this.#term.halted() || this.#giveUp.signal.aborted) return
    const { outbox, tables } = this.#term
    for (const { id, table, key } of outbox.undecided()) {
      if (this.#asked.size >= atOnce) return
      if (tables.has(table) && !this.#asked.has(id)) this.#asked.set(id, this.#decide(id, { table, key }))
    }
  }

  async #decide(id: string, place: Parameters<typeof decideRecord>[1]): Promise<void> {
    try {
      const decided = await decideRecord(this.#term, place, this.#giveUp.signal)
      this.#asked.delete(id)
      if (decided) this.#count += 1
      // Also where a call in some tab had settled it before, which only now came to light.
      if (!this.#term.outbox.undecided().some((record) => record.id === id)) this.#heard.decided()
      this.begin()
    } catch (error) {
      this.#asked.delete(id) // asked about again after the next run
      this.#heard.failed(error)
    }
  }

  /** Resolves when the app is asked about nothing. */
  async quiet(): Promise<void> {
    while (this.#asked.size > 0) await Promise.all(this.#asked.values())
  }

  /** As {@link quiet}, without waiting for the app: what it has not decided stays undecided on disk. */
  async idle(): Promise<void> {
    this.#giveUp.abort()
    await this.quiet()
    this.#giveUp = new AbortController()
  }
}
