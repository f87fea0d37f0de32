import { SyncError } from '../../model/error'
import { isDotSegment, pathOf } from '../../transport/address'

/** A template such as `/api/posts/:id`, scanned once. */
export interface Template {
  /** Its parts in order: text, or the name of a field. */
  readonly parts: readonly (string | { readonly name: string })[]
  /** Names of the fields it needs, in order. */
  readonly names: readonly string[]
}

/**
 * Scans a template, once from left to right (S24). A name begins with a colon after `/` or `=`, so that ports and
 * custom verbs (`/posts:archive`) stay text.
 */
export function parseTemplate(text: string): Template {
  const parts: (string | { name: string })[] = []
  let literal = 0
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const before = text[at - 1]
    const end = before === '/' || before === '=' ? endOfName(text, at + 1) : at + 1
    if (end === at + 1) continue
    parts.push(text.slice(literal, at), { name: text.slice(at + 1, end) })
    literal = end
    at = end - 1
  }
  parts.push(text.slice(literal))
  const names = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.name]))
  return { parts: parts.filter((part) => part !== ''), names }
}

/**
 * The address a template stands for. A value becomes exactly one segment, a list of values one segment each.
 *
 * @throws SyncError `unroutable-key` for values that would address something else: empty, `.`, `..`, no valid text
 */
export function fillTemplate(template: Template, lookUp: (name: string) => unknown): string {
  return template.parts
    .map((part) => (typeof part === 'string' ? part : segments(lookUp(part.name), part.name)))
    .join('')
}

/**
 * Checks that an address has come out of the URL parser with the very segments the template has (W4).
 *
 * @throws SyncError `unroutable-key`
 */
export function checkSegments(filled: string, pathname: string): void {
  const wanted = pathOf(filled).replace(/^\//, '').split('/')
  const found = pathname.split('/').slice(-wanted.length)
  const same = wanted.every((segment, at) => segment === found[at] || encodeURI(segment) === found[at])
  if (!same) throw unroutable('the address would have other segments than its template')
}

/**
 * The text of a value in an address, not yet encoded.
 *
 * @throws SyncError `unroutable-key`
 */
export function routableText(value: unknown, name: string): string {
  const text = textOf(value)
  if (text === undefined) throw unroutable(`${name} is no text, number or date`)
  if (text === '') throw unroutable(`${name} is empty`)
  if (isDotSegment(text)) throw unroutable(`${name} is a step in a path`)
  if (/\p{Surrogate}/u.test(text)) throw unroutable(`${name} is no valid text`)
  return text
}

function segments(value: unknown, name: string): string {
  const values = Array.isArray(value) ? value : [value]
  if (values.length === 0) throw unroutable(`${name} is empty`)
  return values.map((part) => encodeURIComponent(routableText(part, name))).join('/')
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString()
  return undefined
}

function unroutable(what: string): SyncError {
  return new SyncError('unroutable-key', { what })
}

function endOfName(text: string, from: number): number {
  let at = from
  while (at < text.length && isNameChar(text.charCodeAt(at), at > from)) at++
  return at
}

function isNameChar(code: number, digits: boolean): boolean {
  const letter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a
  return letter || code === 0x5f || (digits && code >= 0x30 && code <= 0x39)
}
