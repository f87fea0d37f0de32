import { keyText } from '../keys/key-text'
import type { Key, Row } from '../model/change'
import type { Page } from '../model/checkpoint'

/** What the server has listed so far in a pull that began at the start (resync). In memory: a new leader begins again. */
export class Listing {
  readonly generation: number
  /** What was written to the states of records later than this was written since the listing began. */
  readonly since: number
  /** False once a row could not be read: what is not listed may be that one. */
  readable = true
  readonly #keys = new Map<string, Set<string>>()

  constructor(generation: number, since: number) {
    this.generation = generation
    this.since = since
  }

  add({ changes, quarantined = [] }: Page, keyReader: (table: string) => (row: Row) => Key): void {
    this.readable &&= quarantined.length === 0
    for (const { table, rows } of changes) {
      const readKey = keyReader(table)
      const keys = this.#keys.get(table) ?? new Set()
      this.#keys.set(table, keys)
      for (const row of rows) keys.add(keyText(readKey(row)))
    }
  }

  has(table: string, key: Key): boolean {
    return this.#keys.get(table)?.has(keyText(key)) ?? false
  }

  count(table: string): number {
    return this.#keys.get(table)?.size ?? 0
  }
}
