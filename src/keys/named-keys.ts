import type { DBCoreKeyRange, DBCoreQuery, DBCoreTableSchema } from 'dexie'
import type { Key, Row } from '../model/change'
import type { KeyPath } from '../model/table'
import { withKey } from './key-in-row'
import { isTemporary } from './temporary'

type Resolve = (key: Key) => Key

/** Any request of DBCore, as far as it can name primary keys. */
interface Naming {
  readonly key?: unknown
  readonly keys?: readonly unknown[] | null
  readonly values?: unknown
  readonly range?: DBCoreKeyRange
  readonly query?: DBCoreQuery
}

/** The temporary keys a request names: by key, by rows with their key inside, or by an exact match on the primary key. */
export function temporaryKeysIn(anyRequest: object, schema: DBCoreTableSchema): Key[] {
  const request: Naming = anyRequest
  const named = [request.key, ...(request.keys ?? [])]
  const { extractKey } = schema.primaryKey
  if (Array.isArray(request.values) && extractKey)
    for (const row of request.values) named.push(keyInside(extractKey, row))
  const range = primaryRange(request)
  if (range) named.push(range.lower)
  return named.filter((key): key is Key => key != null && isTemporary(key as Key))
}

/** The same request with every temporary key that has become a real one replaced. */
export function withRealKeys<R extends object>(
  anyRequest: R,
  schema: DBCoreTableSchema,
  resolve: Resolve,
): R {
  const request: Naming = anyRequest
  const real = (key: unknown) => (key != null && isTemporary(key as Key) ? resolve(key as Key) : key)
  const { extractKey, keyPath } = schema.primaryKey
  const changed = { ...anyRequest } as Record<string, unknown>
  if (request.key != null) changed.key = real(request.key)
  if (request.keys) changed.keys = request.keys.map(real)
  if (Array.isArray(request.values) && extractKey)
    changed.values = request.values.map((row: Row) => {
      const key = keyInside(extractKey, row)
      return real(key) === key ? row : withKey(row, keyPath as KeyPath, real(key) as Key)
    })
  const range = primaryRange(request)
  if (range) {
    const exact = { ...range, lower: real(range.lower), upper: real(range.lower) }
    if (request.query) changed.query = { ...request.query, range: exact }
    else changed.range = exact
  }
  return changed as unknown as R
}

/** Reads the key out of a row; values without fields have none. */
export function keyInside(extractKey: (row: unknown) => unknown, row: unknown): unknown {
  return typeof row === 'object' && row !== null ? extractKey(row) : undefined
}

/** The range of a request that asks for exactly one primary key. */
function primaryRange({ query, range }: Naming): DBCoreKeyRange | undefined {
  const asked = query ? (isPrimary(query) ? query.range : undefined) : range
  return asked?.type === 1 ? asked : undefined
}

function isPrimary({ index }: DBCoreQuery): boolean {
  return index.isPrimaryKey === true && !(index as { isVirtual?: boolean }).isVirtual
}
