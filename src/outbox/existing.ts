import { keyText } from '../keys/key-text'
import type { Key } from '../model/change'
import type { Tx } from '../storage/transaction'

/** What is remembered of a table's rows from before sync, in `_sync_meta`. */
export interface ExistingRecord {
  readonly name: string
  readonly table: string
  readonly keys: readonly Key[]
  /** The sync tables were lost: rows the server does not list are parked once it has listed all (decision 4). */
  readonly orphans: boolean
}

/**
 * The keys of rows that were here before sync came (decision 5, `initialUpload: false`), or that lost their history
 * (decision 4). Each is compared with the server's row of that key, and never overwritten.
 */
export class Existing {
  readonly #tables = new Map<string, { keys: Map<string, Key>; orphans: boolean }>()

  restore({ table, keys, orphans }: ExistingRecord): void {
    this.#tables.set(table, { orphans, keys: new Map(keys.map((key) => [keyText(key), key])) })
  }

  has(table: string, key: Key): boolean {
    return this.#tables.get(table)?.keys.has(keyText(key)) ?? false
  }

  /** The rows of a table that the server has not told of, where that matters. */
  orphans(table: string): Key[] {
    const known = this.#tables.get(table)
    return known?.orphans ? [...known.keys.values()] : []
  }

  /** Takes keys out within `tx`: the server has told of them. Call the answer once it has committed. */
  async confirm(tx: Tx, table: string, keys: readonly Key[]): Promise<() => void> {
    const known = this.#tables.get(table)
    const gone = new Set(keys.map(keyText))
    if (!known || gone.size === 0) return () => {}
    const left = [...known.keys].filter(([text]) => !gone.has(text))
    await tx.put('_sync_meta', [
      existingRecord(
        table,
        left.map(([, key]) => key),
        known.orphans,
      ),
    ])
    return () => {
      for (const text of gone) known.keys.delete(text)
    }
  }
}

export function existingRecord(table: string, keys: readonly Key[], orphans: boolean): ExistingRecord {
  return { name: `existing:${table}`, table, keys, orphans }
}
