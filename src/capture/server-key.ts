import type { DBCoreMutateResponse, DBCoreTable } from 'dexie'
import { keyText } from '../keys/key-text'
import { isTemporary } from '../keys/temporary'
import type { Key } from '../model/change'
import { SyncError } from '../model/error'
import type { CapturedTable } from './synced-table'
import { type Before, type RowsRequest, readWrite, type Write } from './write'

/** The first key an `add` brings that is not a temporary one: the row would be new, and its key the app's. */
export function keyMadeByApp(request: RowsRequest, core: DBCoreTable): Key | undefined {
  return readWrite(request, core).keys.find((key) => key !== undefined && !isTemporary(key))
}

/**
 * In a table whose keys the server makes: the first key of a row that was not there and whose key the app made.
 * Rows in `unread` are not known yet; with an answer, those that were refused do not count.
 */
export function refusedKey(
  table: CapturedTable,
  write: Write,
  before: Before,
  unread: readonly (readonly [text: string, key: Key])[],
  answer?: DBCoreMutateResponse,
): Key | undefined {
  if (table.keys !== 'server' || write.type === 'delete') return undefined
  const open = new Set(unread.map(([text]) => text))
  return write.keys.find((key, i): key is Key => {
    if (key === undefined || isTemporary(key) || answer?.failures[i] !== undefined) return false
    const text = keyText(key)
    return !open.has(text) && before.get(text) === undefined
  })
}

/** The error for {@link refusedKey}. */
export function serverKey({ name }: CapturedTable, key: Key): SyncError {
  return new SyncError('server-key', { table: name, key })
}
