import { isRow } from '../../keys/key-in-row'
import { SyncError } from '../../model/error'

/** Says what a value must be, by throwing `bad-config` with its path and the mend where it is not. */
export type Check = (value: unknown, path: string) => void

/** An object with these options and no others. Options may be absent unless `required` names them. */
export function object(options: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (value, path) => {
    if (!isRow(value)) throw wrong(path, 'must be an object')
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(options, name))
        throw wrong(`${path}.${name}`, `is no option; there are ${Object.keys(options).join(', ')}`)
    }
    for (const name of required) if (value[name] === undefined) throw wrong(`${path}.${name}`, 'is missing')
    for (const [name, check] of Object.entries(options)) {
      if (value[name] !== undefined) check(value[name], `${path}.${name}`)
    }
  }
}

export const text: Check = (value, path) => {
  if (typeof value !== 'string' || value === '') throw wrong(path, 'must be a text')
}

export const code: Check = (value, path) => {
  if (typeof value !== 'function') throw wrong(path, 'must be a function')
}

/** A time, ms. */
export const ms: Check = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw wrong(path, 'must be a number of milliseconds, 0 or more')
}

/** A stretch of time, ms. */
export const duration: Check = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0)
    throw wrong(path, 'must be a number of milliseconds, more than 0')
}

export const whole: Check = (value, path) => {
  if (!Number.isInteger(value) || (value as number) < 1)
    throw wrong(path, 'must be a whole number of at least 1')
}

export const texts: Check = (value, path) => {
  if (!Array.isArray(value)) throw wrong(path, 'must be a list of texts')
  for (const [at, item] of value.entries()) text(item, `${path}[${at}]`)
}

export function oneOf(...values: readonly unknown[]): Check {
  return (value, path) => {
    if (!values.includes(value))
      throw wrong(path, `must be one of ${values.map((each) => `${each}`).join(', ')}`)
  }
}

/** The first kind the value looks like decides what it must be. */
export function either(
  kinds: readonly (readonly [is: (value: unknown) => boolean, check: Check])[],
  say: string,
): Check {
  return (value, path) => {
    const kind = kinds.find(([is]) => is(value))
    if (!kind) throw wrong(path, `must be ${say}`)
    kind[1](value, path)
  }
}

export const isText = (value: unknown): boolean => typeof value === 'string'
export const isCode = (value: unknown): boolean => typeof value === 'function'

export function wrong(path: string, mend: string): SyncError {
  return new SyncError('bad-config', { what: `${path} ${mend}` })
}
