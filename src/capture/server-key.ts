import type { DBCoreMutateResponse } from 'dexie'
import { keyText } from '../keys/key-text'
import { isTemporary } from '../keys/temporary'
import type { Key } from '../model/change'
import { SyncError } from '../model/error'
import type { CapturedTable } from './synced-table'
import type { Before, Write } from './write'

/** In a table whose keys the server makes: the first key of a new row that the app made itself. */
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
    return write.type === 'add' || (!open.has(text) && before.get(text) === undefined)
  })
}

/** The error for {@link refusedKey}. */
export function serverKey({ name }: CapturedTable, key: Key): SyncError {
  return new SyncError('server-key', { table: name, key })
}
