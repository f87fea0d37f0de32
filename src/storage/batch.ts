import { keyText } from '../keys/key-text'
import type { Key } from '../model/change'
import type { Tx } from './transaction'

type Write = { readonly key: Key; readonly row?: object }

/**
 * Writes of one transaction, gathered and carried out together: one request a row, whatever happened to it before.
 * The last word on a row counts.
 */
export class Batch {
  readonly #tables = new Map<string, Map<string, Write>>()

  put(table: string, key: Key, row: object): void {
    this.#write(table, { key, row })
  }

  remove(table: string, key: Key): void {
    this.#write(table, { key })
  }

  #write(table: string, write: Write): void {
    const writes = this.#tables.get(table)
    if (writes) writes.set(keyText(write.key), write)
    else this.#tables.set(table, new Map([[keyText(write.key), write]]))
  }

  async flush(tx: Tx): Promise<void> {
    for (const [table, writes] of this.#tables) {
      const puts = [...writes.values()].filter((write) => write.row)
      const removes = [...writes.values()].filter((write) => !write.row)
      await tx.remove(
        table,
        removes.map(({ key }) => key),
      )
      await tx.put(
        table,
        puts.map(({ row }) => row!),
        puts.map(({ key }) => key),
      )
    }
    this.#tables.clear()
  }
}
