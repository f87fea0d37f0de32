import { isRow } from '../keys/key-in-row'

/** False for values that hide what they hold (blobs, crypto keys): two reads of one of them cannot be told apart. */
export function isComparable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (value instanceof Date || value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return true
  if (Array.isArray(value)) return value.every(isComparable)
  if (value instanceof Map) return [...value].flat().every(isComparable)
  if (value instanceof Set) return [...value].every(isComparable)
  return isRow(value) && Object.values(value).every(isComparable)
}
