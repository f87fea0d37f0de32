import type { StoredLogRecord } from '../model/change'
import type { EntryRef } from '../model/entry'

/** How many changes are kept in memory at most; the oldest used go first. */
const capacity = 4000

/** Log records in memory. They never change, so a copy is never stale; many requests stand on one record of a bulk call. */
export class LogCache {
  readonly #records = new Map<number, StoredLogRecord>()
  #changes = 0

  get(seq: number): StoredLogRecord | undefined {
    const record = this.#records.get(seq)
    if (record) {
      this.#records.delete(seq)
      this.#records.set(seq, record)
    }
    return record
  }

  put(record: StoredLogRecord): void {
    if (this.#records.has(record.seq) || record.changes.length === 0) return
    this.#records.set(record.seq, record)
    this.#changes += record.changes.length
    for (const [seq, oldest] of this.#records) {
      if (this.#changes <= capacity || seq === record.seq) break
      this.#records.delete(seq)
      this.#changes -= oldest.changes.length
    }
  }

  /** Migrated ones are the exception to that. */
  renew(record: StoredLogRecord): void {
    if (this.#records.has(record.seq)) this.#records.set(record.seq, record)
  }

  /** The log records that must be read for these entries. */
  missing(refs: readonly EntryRef[]): number[] {
    return [...new Set(refs.map(([seq]) => seq))].filter((seq) => !this.#records.has(seq))
  }
}
