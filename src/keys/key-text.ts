import type { Key } from '../model/change'

/**
 * A key as text, for maps: equal exactly when IndexedDB holds the keys for the same record. The type leads, so the
 * number 1 and the string "1" stay apart; -0 is 0.
 */
export function keyText(key: Key): string {
  if (typeof key === 'number') return `n${key === 0 ? 0 : key}`
  if (typeof key === 'string') return `s${key}`
  if (key instanceof Date) return `d${key.getTime()}`
  if (Array.isArray(key))
    return `a${key.map((part: Key) => `${keyText(part).length}:${keyText(part)}`).join('')}`
  return `b${bytes(key as ArrayBuffer | ArrayBufferView).join(',')}`
}

function bytes(key: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(key)
    ? new Uint8Array(key.buffer, key.byteOffset, key.byteLength)
    : new Uint8Array(key)
}
