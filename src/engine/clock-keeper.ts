import type { ClockMemory } from '../model/stamp'
import type { Clock } from '../outbox/clock'
import type { Storage } from '../storage/transaction'

/** ms by which the clock must have moved on its own: what passes anyway is not worth a transaction. */
const worthWriting = 1_000

/** Keeps in the database what the clock has learned, so that a tab that is opened offline knows it as well. */
export class ClockKeeper {
  readonly #storage: Pick<Storage, 'write'>
  readonly #clock: Clock
  readonly #now: () => number
  /** Nothing yet: what this tab knows may be newer than what is kept. */
  #written: ClockMemory = { offset: 0, seen: 0, corrections: 0 }

  constructor(storage: Pick<Storage, 'write'>, clock: Clock, now: () => number) {
    this.#storage = storage
    this.#clock = clock
    this.#now = now
  }

  /** Writes it where it has moved. */
  async save(): Promise<void> {
    const { memory } = this.#clock
    const corrected = memory.corrections > this.#written.corrections
    // Time seen ahead of ours; the rest every tab knows by its own clock.
    const ahead = memory.seen - Math.max(this.#written.seen, this.#now() + memory.offset) > worthWriting
    if (!corrected && !ahead) return
    await this.#storage.write(['_sync_meta'], (tx) => tx.put('_sync_meta', [{ name: 'clock', ...memory }]))
    this.#written = memory
  }
}
