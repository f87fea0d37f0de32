const deepest = 40

/**
 * About how many bytes a value takes in the log. Infinity where that cannot be told, or where IndexedDB may refuse to
 * store it at all (functions, symbols, objects of a kind we do not know, very deep or circular ones).
 */
export function weightOf(value: unknown, depth = 0): number {
  switch (typeof value) {
    case 'string':
      return 8 + value.length
    case 'function':
    case 'symbol':
      return Number.POSITIVE_INFINITY
    case 'object':
      return value === null ? 8 : depth > deepest ? Number.POSITIVE_INFINITY : weightOfObject(value, depth)
    default:
      return 8
  }
}

function weightOfObject(value: object, depth: number): number {
  if (value instanceof Date) return 16
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return 16 + value.byteLength
  if (typeof Blob !== 'undefined' && value instanceof Blob) return 64 + value.size
  if (value instanceof Map) return sum([...value].flat(), depth)
  if (value instanceof Set) return sum([...value], depth)
  if (Array.isArray(value)) return sum(value, depth)
  const tag = Object.prototype.toString.call(value)
  if (tag === '[object RegExp]') return 64
  return tag === '[object Object]' ? weightOfFields(value, depth) : Number.POSITIVE_INFINITY
}

function weightOfFields(fields: object, depth: number): number {
  let total = 16
  for (const name of Object.keys(fields))
    total += 8 + name.length + weightOf((fields as Record<string, unknown>)[name], depth + 1)
  return total
}

function sum(items: readonly unknown[], depth: number): number {
  let total = 16
  for (const item of items) total += weightOf(item, depth + 1)
  return total
}
