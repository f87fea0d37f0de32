import { SyncError } from './error'

/** Nesting beyond this is refused: it would overflow the stack of whoever reads it. */
const deepest = 200

/**
 * A value as JSON carries it: dates as ISO text, undefined fields left out.
 *
 * @throws SyncError `unserializable` with the path of the first value JSON would silently change or drop (W1, W2)
 */
export function toWire(value: unknown, path: string): unknown {
  return walk(value, path, [])
}

function walk(value: unknown, path: string, above: readonly object[]): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (!Number.isFinite(value)) throw unserializable(path, `${value}`)
      return value
    case 'object':
      return value === null ? null : walkObject(value, path, above)
    default:
      throw unserializable(path, `a ${typeof value}`)
  }
}

function walkObject(value: object, path: string, above: readonly object[]): unknown {
  if (above.includes(value)) throw unserializable(path, 'a cycle')
  if (above.length >= deepest) throw unserializable(path, 'nested too deeply')
  const here = [...above, value]
  if (Array.isArray(value)) return Array.from(value, (item, at) => walk(item, `${path}[${at}]`, here))
  if (value instanceof Date && Number.isNaN(value.getTime())) throw unserializable(path, 'an invalid date')
  if ('toJSON' in value && typeof value.toJSON === 'function') return walk(value.toJSON(), path, here)
  if (!isPlain(value)) throw unserializable(path, `a ${nameOf(value)}`)
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(fields.map(([name, field]) => [name, walk(field, `${path}.${name}`, here)]))
}

/** Objects whose own fields are all there is to them: literals, and instances of the app's classes. */
function isPlain(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Object]'
}

function nameOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}

function unserializable(path: string, what: string): SyncError {
  return new SyncError('unserializable', { what: `${path} is ${what}` })
}

/** Whether two values are the same once they are JSON: dates and their texts, fields in any order. */
export function sameWire(a: unknown, b: unknown): boolean {
  const left = plainOf(a)
  const right = plainOf(b)
  if (Object.is(left, right) || (left === 0 && right === 0)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right) || nameOf(left) !== nameOf(right)) return false
  if (!Array.isArray(left) && !isPlain(left)) return false
  const names = definedNames(left)
  return (
    names.length === definedNames(right).length &&
    names.every((name) => sameWire(left[name as never], right[name as never]))
  )
}

function plainOf(value: unknown): unknown {
  return value instanceof Date ? value.toJSON() : value
}

function definedNames(value: object): string[] {
  return Object.keys(value).filter((name) => value[name as never] !== undefined)
}
