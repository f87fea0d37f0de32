import type { Ruling } from './told'

/** What a function of the app answered, checked: a copy of its own, or what is wrong with it. */
export type Checked<T> = { readonly value: T } | { readonly complaint: string }

/** An answer of `onConflict`: a row, null, a side, `park`, or undefined for nothing to say. */
export function checkRuling(answer: unknown): Checked<Ruling | undefined> {
  if (answer === undefined || answer === null) return { value: answer }
  if (answer === 'local' || answer === 'remote' || answer === 'park') return { value: answer }
  if (Object.prototype.toString.call(answer) !== '[object Object]')
    return { complaint: 'answered neither a row, null, "local", "remote", "park" nor undefined' }
  return checkValue(answer) as Checked<Ruling>
}

/** A value that is to be stored and compared: it can be cloned, and does not contain itself. */
export function checkValue(value: unknown): Checked<unknown> {
  try {
    const copy: unknown = structuredClone(value)
    return isCyclic(copy, []) ? { complaint: 'answered a value that contains itself' } : { value: copy }
  } catch {
    // What cannot be cloned (functions, promises) and what is nested too deep to be looked through.
    return { complaint: 'answered a value that cannot be stored' }
  }
}

function isCyclic(value: unknown, path: readonly object[]): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (path.includes(value)) return true
  const inside = [...path, value]
  const parts =
    value instanceof Map
      ? [...value].flat()
      : value instanceof Set
        ? [...value]
        : ArrayBuffer.isView(value)
          ? []
          : Object.values(value)
  return parts.some((part) => isCyclic(part, inside))
}
