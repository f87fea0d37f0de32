import type { ChangeKind, Key, Row } from '../../model/change'
import { isSyncError, SyncError } from '../../model/error'
import type { Address } from '../../transport/address'
import type { RestTable } from './table'
import { checkSegments, fillTemplate, parseTemplate, routableText } from './template'

/** Where requests may go. */
export type Place = Pick<Address, 'resolve'>

/** What an address is made for. `key` undefined: the server has not made it yet. */
export interface AddressSubject {
  readonly row: Row
  readonly key: Key | undefined
  readonly kind: ChangeKind | 'read'
}

/**
 * The address for one record, checked as far as it can be: it stays under `baseUrl`, and a key never makes it address
 * something else, such as the whole collection (S3).
 *
 * @throws SyncError `unroutable-key`, `bad-config`, `user-code-failed`
 */
export function recordAddress(
  source: { readonly url: unknown; readonly isTemplate: boolean; readonly name: string },
  table: RestTable,
  place: Place,
  subject: AddressSubject,
): string {
  const { url, isTemplate, name } = source
  if (typeof url !== 'string') throw new SyncError('user-code-failed', { what: `${name} answered no text` })
  const filled = isTemplate
    ? fillTemplate(parseTemplate(url), (field) => fieldOf(field, table, subject))
    : url
  const target = resolve(filled, name, place)
  if (isTemplate) checkSegments(filled, target.pathname)
  else checkMade(url, target, name, table, place, subject)
  return filled
}

/** `:key` is the primary key; a field of it or of the row goes by its name; `:id` is the key where the row has no `id`. */
function fieldOf(field: string, table: RestTable, { row, key }: AddressSubject): unknown {
  const { keyPath } = table.shape
  if (field === 'key' || field === keyPath) return key
  if (Array.isArray(keyPath) && keyPath.includes(field))
    return Array.isArray(key) ? key[keyPath.indexOf(field)] : undefined
  if (Object.hasOwn(row, field)) return row[field]
  return field === 'id' ? key : undefined
}

/** An address a function made: nothing tells which part came from the key, so what is suspicious is refused. */
function checkMade(
  url: string,
  target: URL,
  name: string,
  table: RestTable,
  place: Place,
  subject: AddressSubject,
): void {
  const segments = target.pathname.split('/').slice(1)
  if (segments.slice(0, -1).includes('') || segments.some(isNoValue))
    throw new SyncError('unroutable-key', { what: `${name} answered an address with an empty segment` })
  if (subject.kind === 'create') return
  for (const part of Array.isArray(subject.key) ? subject.key : [subject.key]) {
    const text = routableText(part, 'the key')
    if (text.includes('?') && url.includes(text))
      throw new SyncError('unroutable-key', {
        what: `${name} answered an address with a key as it is: encode it`,
      })
  }
  if (target.search === '' && collections(table, place).includes(bare(target.pathname)))
    throw new SyncError('unroutable-key', { what: `${name} answered the address of all records` })
}

/** What a template text makes of a field that is not there. */
function isNoValue(segment: string): boolean {
  return segment === 'undefined' || segment === 'null' || segment === 'NaN' || segment === '[object%20Object]'
}

/** Paths that stand for the whole table. */
function collections(table: RestTable, place: Place): string[] {
  return [table.push.create?.url, table.route.pull?.url]
    .filter((url) => typeof url === 'string' && parseTemplate(url).names.length === 0)
    .map((url) => bare(place.resolve(url as string).pathname))
}

function bare(path: string): string {
  return path.replace(/\/$/, '')
}

function resolve(url: string, name: string, place: Place): URL {
  try {
    return place.resolve(url)
  } catch (cause) {
    if (!isSyncError(cause)) throw cause
    throw new SyncError('unroutable-key', { what: `${name} leaves baseUrl`, cause })
  }
}
