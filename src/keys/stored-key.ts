import type { Key } from '../model/change'

/** True for values IndexedDB takes as a key. Pure, so that a bad key is met by the app's own write, not by ours. */
export function isValidKey(value: unknown): value is Key {
  if (typeof value === 'number') return !Number.isNaN(value)
  if (typeof value === 'string') return true
  if (value instanceof Date) return !Number.isNaN(value.getTime())
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return true
  return Array.isArray(value) && isValidList(value)
}

function isValidList(list: readonly unknown[]): boolean {
  for (let i = 0; i < list.length; i++) {
    // A hole is no key. A list inside itself would never end: IndexedDB refuses it, so does the stack.
    if (!Object.hasOwn(list, i) || !isValidKey(list[i])) return false
  }
  return true
}

/** The key as IndexedDB will hand it out: a copy of its own, -0 as 0, binary data as ArrayBuffer. */
export function storedKey(key: Key): Key {
  if (typeof key === 'number') return key === 0 ? 0 : key
  if (typeof key === 'string') return key
  if (key instanceof Date) return new Date(key.getTime())
  if (Array.isArray(key)) return key.map((part: Key) => storedKey(part))
  const data = key as ArrayBuffer | ArrayBufferView
  return ArrayBuffer.isView(data)
    ? (data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer)
    : data.slice(0)
}
