import type { Alias } from '../model/alias'
import type { Key } from '../model/change'
import { keyText } from './key-text'

/**
 * This tab's copy of the aliases: temporary key to the server's key. Reads use it; writes look at the store, because
 * another tab may have renamed a row some milliseconds ago (decision 5).
 */
export class AliasMap {
  readonly #known = new Map<string, Key>()

  /** The server's key, or undefined while there is none. */
  get(table: string, temporary: Key): Key | undefined {
    return this.#known.get(`${table} ${keyText(temporary)}`)
  }

  set(table: string, temporary: Key, key: Key): void {
    this.#known.set(`${table} ${keyText(temporary)}`, key)
  }

  /**
   * Takes in what is on disk, and forgets the rest: with whose rows they were aliases go, and another login may have a row
   * under the same temporary key.
   */
  renew(stored: readonly Alias[]): void {
    this.#known.clear()
    for (const { table, temporary, key } of stored) this.set(table, temporary, key)
  }

  /** The server's key where there is one, else the key itself. */
  resolve(table: string, key: Key): Key {
    return this.get(table, key) ?? key
  }
}
