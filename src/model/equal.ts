/**
 * True when two values would be stored as the same by IndexedDB: own enumerable fields in any order; dates, binary
 * data, maps and sets by content; NaN equals itself.
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a === 'number' && typeof b === 'number') return a === b // -0 and 0
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Date) return b instanceof Date && Object.is(a.getTime(), b.getTime())
  if (Array.isArray(a)) return Array.isArray(b) && sameList(a, b)
  if (ArrayBuffer.isView(a) || a instanceof ArrayBuffer) return sameBytes(a, b)
  if (a instanceof Map) return b instanceof Map && sameList([...a], [...b])
  if (a instanceof Set) return b instanceof Set && sameList([...a], [...b])
  // Blobs and the like hide what they hold: only the very same one is the same.
  if (tagOf(a) !== '[object Object]' || tagOf(b) !== '[object Object]') return false
  return sameFields(a as Record<string, unknown>, b as Record<string, unknown>)
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!sameValue(a[i], b[i])) return false // `every` would pass over holes
  return true
}

function sameFields(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameValue(a[name], b[name]))
  )
}

function sameBytes(a: ArrayBuffer | ArrayBufferView, b: object): boolean {
  if (a.constructor !== b.constructor) return false
  const [left, right] = [bytes(a), bytes(b as ArrayBuffer | ArrayBufferView)]
  return left.length === right.length && left.every((byte, i) => byte === right[i])
}

function bytes(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value)
}
