import type { HttpAnswer } from './http'

/** ms for which a server remembers an Idempotency-Key: as long as is usual, and as the library relies on. */
export const keptFor = 24 * 3600_000

interface Remembered {
  readonly print: string
  readonly answer: HttpAnswer
  readonly at: number
}

/** The first answers to requests with an Idempotency-Key. */
export class ServerKeys {
  private readonly known = new Map<string, Remembered>()

  /** The answer to a request that came before; `reused` where it was another one. */
  recall(id: string, print: string, now: number): HttpAnswer | 'reused' | undefined {
    this.forget(now)
    const first = this.known.get(id)
    if (!first) return undefined
    return first.print === print ? first.answer : 'reused'
  }

  remember(id: string, remembered: Remembered): void {
    this.known.set(id, remembered)
  }

  /** Answers how many keys are too old by now, and forgets them. */
  forget(now: number): number {
    let count = 0
    for (const [id, { at }] of this.known) {
      // Oldest first.
      if (now - at < keptFor) break
      this.known.delete(id)
      count++
    }
    return count
  }
}
