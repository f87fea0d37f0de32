import type { Key } from '../model/change'

/** Texts and lists longer than this are none of ours. */
const longest = 2_000

/** A plain object or one without prototype; no array, date or the like. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]'
}

export function isShort(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longest
}

export function isShortList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= longest && value.every(isShort)
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

/** A finite number from 0: a count, a time, an epoch. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

/** Absent, or of this form. */
export function maybe(value: unknown, is: (value: unknown) => boolean): boolean {
  return value === undefined || is(value)
}

/** A valid IndexedDB key, of the size keys have. */
export function isKey(value: unknown): value is Key {
  if (typeof value === 'number') return !Number.isNaN(value)
  if (typeof value === 'string') return isShort(value)
  if (value instanceof Date) return !Number.isNaN(value.getTime())
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength <= longest
  return Array.isArray(value) && value.length <= 20 && isKeyList(value)
}

/** An array may hold itself, so the depth is bounded. */
function isKeyList(value: readonly unknown[], depth = 0): boolean {
  return value.every((item) =>
    Array.isArray(item) ? depth < 5 && item.length <= 20 && isKeyList(item, depth + 1) : isKey(item),
  )
}
