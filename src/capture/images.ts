import { keyText } from '../keys/key-text'
import { isValidKey } from '../keys/stored-key'
import type { Key } from '../model/change'
import { copyValue } from './copy'
import type { Stored } from './describe'

/** More rows than this are not kept: a later write then reads them again. */
const most = 20_000

/**
 * Rows of one table that Dexie itself read in this transaction: the before-images of the writes that follow
 * (decision 1). A row is good until somebody writes its key. Reads and writes of one transaction happen in the order
 * they are issued, so a write issued while a read is on its way makes that read's row old before it arrives.
 */
export class Images {
  readonly #rows = new Map<string, Stored>()
  #reading = 0
  #clock = 0
  #writtenAt = new Map<string, number>()
  #allWrittenAt = 0

  /** Call when the read is issued; the answer is called with what it brought, or with nothing when it failed. */
  startRead(): (keys: readonly unknown[], rows: readonly Stored[]) => void {
    const ticket = ++this.#clock
    this.#reading++
    return (keys, rows) => {
      this.#reading--
      if (this.#rows.size > most) this.#rows.clear()
      keys.forEach((key, i) => {
        if (!isValidKey(key)) return
        const text = keyText(key)
        // A copy: Dexie changes the rows it read in place before it writes them.
        if (!this.#writtenSince(text, ticket)) this.#rows.set(text, copyValue(rows[i]))
      })
      if (this.#reading === 0) this.#writtenAt.clear()
    }
  }

  /** Call when a write is issued; null = any key may be touched. */
  wrote(keys: readonly Key[] | null): void {
    if (this.#rows.size === 0 && this.#reading === 0) return
    const ticket = ++this.#clock
    if (!keys) {
      this.#rows.clear()
      this.#allWrittenAt = ticket
      return
    }
    for (const key of keys) {
      const text = keyText(key)
      this.#rows.delete(text)
      if (this.#reading > 0) this.#writtenAt.set(text, ticket)
    }
  }

  /** There is no row of this key: it was drawn just now. */
  isNew(key: Key): void {
    this.#rows.set(keyText(key), undefined)
  }

  has(text: string): boolean {
    return this.#rows.has(text)
  }

  get(text: string): Stored {
    return this.#rows.get(text)
  }

  #writtenSince(text: string, ticket: number): boolean {
    return Math.max(this.#allWrittenAt, this.#writtenAt.get(text) ?? 0) > ticket
  }
}
