import { keyText } from '../keys/key-text'
import { keyInside } from '../keys/named-keys'
import { storedKey } from '../keys/stored-key'
import type { Change, Key } from '../model/change'
import { sameValue } from '../model/equal'
import { describe, type Stored } from './describe'
import { refuseNewKeys } from './server-key'
import type { CapturedTable } from './synced-table'
import type { CapturedTransaction } from './transaction'
import { type Before, keysOf, storedRow, type Write } from './write'

/**
 * A bulk call that IndexedDB refuses half-way (a row it cannot clone, a bad key) leaves the rows before that one
 * written, and they commit if the app catches the error. So the rows are read again and the log tells what differs.
 */
export function repair(
  table: CapturedTable,
  tx: CapturedTransaction,
  write: Write,
  before: Before | undefined,
  settle: (changes: readonly Change[]) => void,
): void {
  // A single row is the refused one.
  const written = write.keys.length > 1 ? write : { ...write, keys: [], plain: true }
  const keys = [...keysOf(written).values()]
  const { trans } = tx
  Promise.all([
    keys.length > 0 ? table.core.getMany({ trans, keys }) : [],
    newestRows(table, tx, written),
  ]).then(
    ([rows, newest]) => {
      tx.attempt(() => {
        const known = keys.flatMap((key, i) => {
          const was = before ? before.get(keyText(key)) : guessBefore(write, key, rows[i])
          return describe(key, was, rows[i])
        })
        const changes = [...known, ...generated(written, newest)]
        refuseNewKeys(table, changes)
        settle(changes)
      })
      settle([])
    },
    (error: unknown) => {
      tx.fail(error)
      settle([])
    },
  )
}

/** An added row that now reads as it was written is taken for ours; any other was there before. */
function guessBefore(write: Write, key: Key, row: Stored): Stored {
  const i = write.keys.findIndex((known) => known !== undefined && keyText(known) === keyText(key))
  return sameValue(write.rows[i], row) ? undefined : row
}

type Pair = readonly [key: Key, row: Stored]

/** The rows with the largest numbers, oldest first: where a key generator has put what it numbered last. */
function newestRows(
  { core }: CapturedTable,
  tx: CapturedTransaction,
  write: Write,
): PromiseLike<Pair[]> | Pair[] {
  const { autoIncrement, outbound, extractKey } = core.schema.primaryKey
  if (!autoIncrement || write.plain) return []
  const query = (values: boolean) =>
    core.query({
      trans: tx.trans,
      values,
      limit: write.keys.length,
      direction: 'prev',
      query: { index: core.schema.primaryKey, range: numbers },
    })
  return Promise.all([query(true), outbound ? query(false) : undefined]).then(([rows, keys]) =>
    rows.result
      .map((row: Stored, i): Pair => [(keys ? keys.result[i] : keyInside(extractKey!, row)) as Key, row])
      .reverse(),
  )
}

const numbers = { type: 2, lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY }

/** The rows without a key that got one before the call was refused: a run of the newest rows, in the order of the call. */
function generated(write: Write, newest: readonly Pair[]): Change[] {
  const known = keysOf(write)
  const unknown = write.rows.filter((_, i) => write.keys[i] === undefined)
  const others = newest.filter(([key]) => !known.has(keyText(key)))
  for (let count = Math.min(unknown.length, others.length); count > 0; count--) {
    const made = others.slice(-count)
    if (made.every(([key, row], i) => sameValue(row, storedRow(write, unknown[i], key))))
      return made.flatMap(([key, row]) => describe(storedKey(key), undefined, row))
  }
  return []
}
