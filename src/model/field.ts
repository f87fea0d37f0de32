import type { Row } from './change'

/**
 * Sets a field of a row that is being made. Never by assignment: a field called `__proto__` would become what the row
 * inherits from (S10).
 */
export function setField(row: Row, name: string, value: unknown): void {
  if (name !== '__proto__') row[name] = value
  else Object.defineProperty(row, name, { value, enumerable: true, writable: true, configurable: true })
}

/** Makes a field of one row what it is in another, where it may not be. */
export function copyField(name: string, from: Row, to: Row): void {
  if (Object.hasOwn(from, name)) setField(to, name, from[name])
  else delete to[name]
}
