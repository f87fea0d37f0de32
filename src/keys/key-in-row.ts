import type { Key, Row } from '../model/change'
import type { KeyPath } from '../model/table'

/** The value at the key path, whatever it is; undefined where any part is missing. */
export function keyIn(row: Row, keyPath: KeyPath): unknown {
  if (keyPath === null) return undefined
  if (typeof keyPath === 'string') return valueAt(row, keyPath)
  const parts = keyPath.map((path) => valueAt(row, path))
  return parts.includes(undefined) ? undefined : parts
}

/** A copy of the row that carries this key; undefined takes it away. */
export function withKey(row: Row, keyPath: KeyPath, key: Key | undefined): Row {
  if (keyPath === null) return { ...row }
  if (typeof keyPath === 'string') return withValue(row, keyPath.split('.'), key)
  return keyPath.reduce<Row>(
    (copy, path, at) => withValue(copy, path.split('.'), Array.isArray(key) ? key[at] : undefined),
    { ...row },
  )
}

function valueAt(row: Row, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isRow(value) ? value[name] : undefined), row)
}

function withValue(row: Row, path: readonly string[], value: unknown): Row {
  const [name = '', ...rest] = path
  const { [name]: inner, ...others } = row
  if (rest.length > 0) return { ...row, [name]: withValue(isRow(inner) ? inner : {}, rest, value) }
  return value === undefined ? others : { ...row, [name]: value }
}

/** True for objects with named fields. */
export function isRow(value: unknown): value is Row {
  return Object.prototype.toString.call(value) === '[object Object]'
}
