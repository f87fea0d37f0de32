import type { DBCoreAddRequest, DBCorePutRequest, DBCoreTable } from 'dexie'
import type { Key, Row } from '../model/change'
import type { KeyPath } from '../model/table'
import { withKey } from './key-in-row'
import { keyInside } from './named-keys'
import { temporaryKey } from './temporary'

/**
 * Gives every new row that has no key a temporary one (decision 5). The app's own objects are not touched: Dexie sets
 * the key on them once they are written. Undefined when every row has its key; compound keys are always the app's.
 */
export function giveKeys<R extends DBCoreAddRequest | DBCorePutRequest>(
  request: R,
  { schema: { primaryKey } }: DBCoreTable,
  world: { random(): number; uuid(): string },
): { readonly request: R; readonly made: readonly Key[] } | undefined {
  const { outbound, compound, autoIncrement, keyPath, extractKey } = primaryKey
  if (compound) return undefined
  const made: Key[] = []
  const keyless = (row: unknown, i: number) =>
    outbound
      ? request.keys?.[i] === undefined
      : typeof row === 'object' && row !== null && keyInside(extractKey!, row) === undefined
  const drawn = request.values.map((row: unknown, i): Key | undefined => {
    if (!keyless(row, i)) return undefined
    const key = temporaryKey(autoIncrement ? 'number' : 'text', world)
    made.push(key)
    return key
  })
  if (made.length === 0) return undefined
  const values = request.values.map((row: Row, i) =>
    outbound || drawn[i] === undefined ? row : withKey(row, keyPath as KeyPath, drawn[i]),
  )
  const keys =
    outbound || request.keys ? { keys: drawn.map((key, i) => key ?? request.keys?.[i]) } : undefined
  return { request: { ...request, values, ...keys }, made }
}
