import type { DBCoreMutateRequest, DBCoreMutateResponse, DBCoreTable } from 'dexie'
import { withKey } from '../keys/key-in-row'
import { keyText } from '../keys/key-text'
import { keyInside } from '../keys/named-keys'
import { isValidKey, storedKey } from '../keys/stored-key'
import type { Change, Key, Row } from '../model/change'
import type { KeyPath } from '../model/table'
import { describe, type Stored } from './describe'

/** An add, put or delete of rows by key, as capture looks at it. */
export interface Write {
  readonly type: 'add' | 'put' | 'delete'
  /** Keys as far as they are known and valid. */
  readonly keys: readonly (Key | undefined)[]
  /** The rows written; deletes have none. */
  readonly rows: readonly Stored[]
  /** Where rows keep their key; null = outside. */
  readonly keyPath: KeyPath
  /** Every key is known and valid. */
  readonly plain: boolean
}

/** The rows there were before a write, by key text; undefined = none. */
export type Before = ReadonlyMap<string, Stored>

export type RowsRequest = Exclude<DBCoreMutateRequest, { type: 'deleteRange' }>

/** What a request writes under which keys. */
export function readWrite(request: RowsRequest, table: DBCoreTable): Write {
  const rows = request.type === 'delete' ? [] : request.values
  const named = namedKeys(request, table)
  const keys = named.map((key) => (isValidKey(key) ? storedKey(key) : undefined))
  return {
    type: request.type,
    keys,
    rows,
    keyPath: table.schema.primaryKey.keyPath,
    plain: keys.every((key) => key !== undefined),
  }
}

function namedKeys(request: RowsRequest, table: DBCoreTable): readonly unknown[] {
  if (request.type === 'delete') return request.keys.map((key) => key ?? noKey)
  const { outbound, autoIncrement, extractKey } = table.schema.primaryKey
  // IndexedDB reads the key in the row, whatever `keys` says; only a generator may make one that is not there.
  const named = request.values.map((row, i) =>
    outbound || !extractKey ? request.keys?.[i] : keyInside(extractKey, row),
  )
  return named.map((key) => (key === null || (key === undefined && !autoIncrement) ? noKey : key))
}

/** Stands for what IndexedDB refuses as a key. */
const noKey = Number.NaN

/** The distinct keys of a write, by their text. */
export function keysOf(write: Write): Map<string, Key> {
  return new Map(write.keys.flatMap((key) => (key === undefined ? [] : [[keyText(key), key]])))
}

/**
 * The changes a write made, in its order; one row written twice in one call is told twice. Rows that were refused
 * (`answer.failures`) made none. Without an answer: what it will have made if nothing is refused.
 */
export function changesOf(write: Write, before: Before, answer?: DBCoreMutateResponse): Change[] {
  const now = new Map(before)
  const changes: Change[] = []
  write.keys.forEach((known, i) => {
    if (answer && i in answer.failures && answer.failures[i] !== undefined) return
    const key = known ?? storedKey(answer?.results?.[i] as Key)
    const text = keyText(key)
    const row = write.type === 'delete' ? undefined : storedRow(write, write.rows[i], key, known)
    changes.push(...describe(key, now.get(text), row))
    now.set(text, row)
  })
  return changes
}

/** A row as it is stored: a generated key is written into it. */
function storedRow({ keyPath }: Write, row: Stored, key: Key, known?: Key): Stored {
  return known === undefined && keyPath !== null ? withKey(row as Row, keyPath, key) : row
}
