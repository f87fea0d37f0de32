import type { Origin, OriginMemory } from '../outbox/origin'
import type { Storage } from '../storage/transaction'

/** Pauses outlive a reload: a page that is opened anew does not storm a server that asked for time. */
export class OriginKeeper {
  readonly #storage: Storage
  readonly #origin: Origin
  #written = ''

  constructor(storage: Storage, origin: Origin) {
    this.#storage = storage
    this.#origin = origin
  }

  /** Reads what was kept, at the begin of a term. */
  async restore(): Promise<void> {
    const memory = await this.#storage.read(['_sync_meta'], (tx) =>
      tx.get<OriginMemory>('_sync_meta', 'origin'),
    )
    if (memory) this.#origin.restore(memory)
  }

  /** Writes it where it is another than before. */
  async save(): Promise<void> {
    const { memory } = this.#origin
    const text = JSON.stringify(memory)
    if (text === this.#written || (this.#written === '' && memory.failures === 0)) return
    await this.#storage.write(['_sync_meta'], (tx) => tx.put('_sync_meta', [{ name: 'origin', ...memory }]))
    this.#written = text
  }
}
