import { withKey } from '../../keys/key-in-row'
import { isTemporary } from '../../keys/temporary'
import type { Key, Row } from '../../model/change'
import type { FenceItem, FrozenRequest } from '../../model/entry'
import { SyncError } from '../../model/error'
import { toWire } from '../../model/wire'
import { toHeaderValues } from '../../transport/headers'
import { changedFields, without } from './changed-fields'
import { type Place, recordAddress } from './record-address'
import type { RouteChange } from './routes'
import type { RestTable } from './table'
import type { UserCode } from './user-code'

/**
 * The request that carries one item: bytes that are sent as they are, on every try.
 *
 * @throws SyncError `unroutable-key`, `unserializable`, `user-code-failed`, `bad-config`, `stopped`
 */
export async function freezeItem(
  item: FenceItem,
  table: RestTable,
  place: Place,
  user: UserCode,
  signal: AbortSignal,
): Promise<FrozenRequest> {
  const route = table.push[item.kind]
  const name = `routes.${table.name}.push.${item.kind}`
  if (!route) throw new SyncError('bad-config', { what: `${name} is missing, so the change cannot be sent` })

  const key = sentKey(item, table)
  const row = sentRow(item, table, key)
  const change = changeOf(item, table, row, key)
  const method = route.method ?? usualMethods[item.kind]
  const { url: given } = route
  const isTemplate = typeof given === 'string'
  const url = isTemplate ? given : await callFor(given, 'url')
  const target = recordAddress({ url, isTemplate, name: `${name}.url` }, table, place, {
    row,
    key,
    kind: item.kind,
  })
  const body = route.body ? await callFor(route.body, 'body') : usualBody(item, method, row, change, table)
  const headers = await frozenHeaders(body !== undefined)
  return {
    method,
    url: target,
    ...(headers ? { headers } : {}),
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(toWire(body, route.body ? `${name}.body()` : table.name)) }),
  }

  function callFor<T>(code: (item: Row, change: RouteChange) => T | Promise<T>, option: string): Promise<T> {
    // Copies: what user code does to them must not reach the row that is stored.
    return user.call(`${name}.${option}`, () => code(structuredClone(row), structuredClone(change)), signal)
  }

  async function frozenHeaders(hasBody: boolean): Promise<Record<string, string> | undefined> {
    const own =
      typeof route?.headers === 'function' ? await callFor(route.headers, 'headers') : (route?.headers ?? {})
    const values = toHeaderValues(own)
    if (!values) throw new SyncError('user-code-failed', { what: `${name}.headers cannot be sent` })
    const typed = Object.keys(values).some((header) => header.toLowerCase() === 'content-type')
    const headers = { ...(hasBody && !typed ? { 'content-type': 'application/json' } : {}), ...values }
    return Object.keys(headers).length > 0 ? headers : undefined
  }
}

const usualMethods = { create: 'POST', update: 'PATCH', delete: 'DELETE' } as const

/** A key the server has not made means nothing to it. */
function sentKey(item: FenceItem, table: RestTable): Key | undefined {
  const unknown = item.kind === 'create' && table.synced.keys === 'server' && isTemporary(item.key)
  return unknown ? undefined : item.key
}

/** The row user code receives: for a delete the last known one, and always with the key it has at the server. */
function sentRow(item: FenceItem, table: RestTable, key: Key | undefined): Row {
  return withKey((item.kind === 'delete' ? item.base : item.row) ?? {}, table.shape.keyPath, key)
}

function changeOf(item: FenceItem, table: RestTable, row: Row, key: Key | undefined): RouteChange {
  const { serverFields } = table.synced
  // A key names the record and is no change of it, also where the base still holds a temporary one.
  const fixed =
    item.kind === 'create' ? serverFields : [...serverFields, ...[table.shape.keyPath ?? []].flat()]
  const changes = item.kind === 'delete' ? {} : without(changedFields(item.base, row), fixed)
  return { kind: item.kind, key, changes, base: item.base }
}

function usualBody(
  item: FenceItem,
  method: string,
  row: Row,
  change: RouteChange,
  table: RestTable,
): unknown {
  if (item.kind === 'delete') return undefined
  if (item.kind === 'update' && method === 'PATCH') return change.changes
  return without(row, table.synced.serverFields)
}
