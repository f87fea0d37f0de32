import { keyText } from '../keys/key-text'
import type { StoredLogRecord } from '../model/change'
import { isOf, type StoredIdentity } from '../model/identity'

/**
 * What others than whose data the database holds have written since it is theirs (I11): their rows are still here to be
 * seen and changed. Known by key only.
 */
export class Strangers {
  readonly #owner: Pick<StoredIdentity, 'identity' | 'since'>
  readonly #touched = new Set<string>()
  #any = false
  #met = false

  constructor(owner: Pick<StoredIdentity, 'identity' | 'since'>) {
    this.#owner = owner
  }

  /** Somebody else wrote, and it has not been put away. */
  get any(): boolean {
    return this.#any
  }

  /** The owner has changed a row somebody else has made or changed: sent whole, theirs would leave with it. */
  get met(): boolean {
    return this.#met
  }

  /** True for a record of somebody else, which waits until they are back. */
  take(record: StoredLogRecord): boolean {
    const { identity, since } = this.#owner
    const strange = !isOf(record, identity)
    if (strange && record.seq <= since) return true
    for (const { kind, key } of record.changes) {
      const name = `${record.table} ${keyText(key)}`
      if (strange) this.#touched.add(name)
      else if (kind !== 'create') this.#met ||= this.#touched.has(name)
    }
    this.#any ||= strange
    return strange
  }
}
