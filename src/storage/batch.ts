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

  /** Carries everything out at once: requests that wait for each other cost a turn of the browser each. */
  async flush(tx: Tx): Promise<void> {
    const tables = [...this.#tables]
    this.#tables.clear()
    await Promise.all(
      tables.flatMap(([table, writes]) => {
        const all = [...writes.values()]
        const puts = all.filter((write) => write.row)
        const removes = all.filter((write) => !write.row)
        return [
          tx.remove(
            table,
            removes.map(({ key }) => key),
          ),
          tx.put(
            table,
            puts.map(({ row }) => row!),
            puts.map(({ key }) => key),
          ),
        ]
      }),
    )
  }
}
