import type Dexie from 'dexie'
import { keyText } from '../../../src/keys/key-text'
import type { Key } from '../../../src/model/change'
import type { Rows } from './replay'
import { textOf } from './text'

/** The rows of these tables as they are stored. */
export async function rowsIn(db: Dexie, names: readonly string[]): Promise<Rows> {
  const rows: Rows = new Map()
  for (const name of names) {
    const keys = (await db.table(name).toCollection().primaryKeys()) as Key[]
    const values: unknown[] = await db.table(name).toCollection().raw().toArray()
    rows.set(name, new Map(keys.map((key, i) => [keyText(key), { key, row: values[i] }])))
  }
  return rows
}

/** Rows as text, to be compared. */
export function rowsText(rows: Rows): string {
  return [...rows]
    .flatMap(([table, inside]) =>
      // The log keeps rows as objects of no class, as IndexedDB does.
      [...inside].map(([text, { row }]) => `${table} ${text} ${textOf(row).replace(/^Post/, '')}`).sort(),
    )
    .join('\n')
}
