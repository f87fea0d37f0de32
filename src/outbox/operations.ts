import type { AliasMap } from '../keys/alias-map'
import { type Change, opId, type StoredLogRecord } from '../model/change'
import type { EntryRef } from '../model/entry'
import type { Storage, Tx } from '../storage/transaction'
import { LogCache } from './log-cache'
import { TermOver } from './term-over'
import { underItsKey } from './under-its-key'

/** A waiting change with its op id. */
export interface Operation {
  readonly op: string
  readonly change: Change
  /** It was sent under this op id before, and folds with nothing. */
  readonly again: boolean
  readonly record: StoredLogRecord
}

/** Reads waiting changes, from memory where they are there. */
export class Operations {
  readonly #storage: Storage
  readonly #aliases: AliasMap
  readonly #cache = new LogCache()

  constructor(storage: Storage, aliases: AliasMap) {
    this.#storage = storage
    this.#aliases = aliases
  }

  /** Takes a record of the log in. */
  take(record: StoredLogRecord): void {
    this.#cache.put(record)
  }

  /** A record was migrated. */
  renew(record: StoredLogRecord): void {
    this.#cache.renew(record)
  }

  /** The changes of some entries, in the order given. Log records never change, so memory is as good as disk. */
  async read(refs: readonly EntryRef[], tx?: Tx): Promise<Operation[]> {
    const missing = this.#cache.missing(refs)
    // Held here first: reading some may push others out of the cache.
    const held = new Map(refs.map(([seq]) => [seq, this.#cache.get(seq)]))
    if (missing.length > 0) {
      const load = (on: Tx) => on.getMany<StoredLogRecord>('_sync_log', missing)
      const records = await (tx ? load(tx) : this.#storage.read(['_sync_log'], load))
      for (const [i, record] of records.entries()) {
        held.set(missing[i]!, record)
        if (record) this.#cache.put(record)
      }
    }
    return refs.map(([seq, index]) => {
      const record = held.get(seq)
      const change = record?.changes[index]
      // An earlier leader has settled it after we had read it: a new term begins from disk.
      if (!record || !change) throw new TermOver()
      const again = index === 0 && record.resends !== undefined
      const op = again ? record.resends : opId(record.id, index)
      return { op, change: this.#underItsKey(record, change), again, record }
    })
  }

  #underItsKey({ table }: StoredLogRecord, change: Change): Change {
    const key = this.#aliases.get(table, change.key)
    return key === undefined ? change : underItsKey(change, this.#storage.keyPath(table), key)
  }
}
