import type { Environment } from '../environment'
import { isCurrent } from '../outbox/leader-check'
import type { Storage } from '../storage/transaction'

/** ms between two writes: a poll that brings nothing is not to cost a transaction. */
const writeEvery = 60_000

export interface StoredSynced {
  readonly name: 'synced'
  /** When a whole cycle last succeeded, ms. */
  readonly at: number
}

/** Remembers over reloads when everything was last in sync; exact at the end of a term, else to a minute. */
export class SyncedMemory {
  readonly #storage: Pick<Storage, 'write'>
  readonly #env: Pick<Environment, 'now'>
  #at = 0
  #written = 0

  constructor(storage: Pick<Storage, 'write'>, env: Pick<Environment, 'now'>) {
    this.#storage = storage
    this.#env = env
  }

  /** A whole cycle has succeeded. */
  note(): void {
    this.#at = this.#env.now()
  }

  /** For the leader of `epoch`: writes it where it is due, or at once. */
  async save(epoch: number, atOnce = false): Promise<void> {
    const age = this.#at - this.#written
    // A clock that was set back leaves a time in the future: the newer word counts.
    if (age === 0 || (!atOnce && age > 0 && age < writeEvery)) return
    const synced: StoredSynced = { name: 'synced', at: this.#at }
    await this.#storage.write(['_sync_meta', '_sync_leader'], async (tx) => {
      // Somebody may have signed out, and this speaks of rows that are gone (S16).
      if (await isCurrent(tx, epoch)) await tx.put('_sync_meta', [synced])
    })
    this.#written = this.#at
  }
}
