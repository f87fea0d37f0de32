/** A value whose functions can be exchanged while everybody who holds it goes on holding it. */
export interface Live<T> {
  /** As it was given. */
  readonly original: T
  /** The same data, its functions calling those given last. */
  readonly value: T
  /** Newer functions take over, by their place. */
  update(newer: T): void
}

type Fn = (this: unknown, ...args: unknown[]) => unknown

/**
 * Wraps every function of a configuration, so that a second `startSync` (StrictMode, hot reload) can hand in newer
 * ones. Data is copied; class instances are kept as they are.
 */
export function asLive<T>(original: T): Live<T> {
  const current = new Map<string, Fn>()
  collect(original, '', current)
  return {
    original,
    value: wrap(original, '', current) as T,
    update: (newer) => collect(newer, '', current),
  }
}

/** The path of the first place where two configurations differ in data, or in having a function; undefined = none. */
export function firstDifference(a: unknown, b: unknown, path = ''): string | undefined {
  if (typeof a === 'function' && typeof b === 'function') return undefined
  if (isPlain(a) && isPlain(b)) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)])
    for (const name of names) {
      const difference = firstDifference(a[name], b[name], path ? `${path}.${name}` : name)
      if (difference !== undefined) return difference
    }
    return undefined
  }
  return Object.is(a, b) ? undefined : path || 'the configuration'
}

function collect(value: unknown, path: string, into: Map<string, Fn>): void {
  if (typeof value === 'function') into.set(path, value as Fn)
  else if (isPlain(value))
    for (const name of Object.keys(value)) collect(value[name], `${path}.${name}`, into)
}

function wrap(value: unknown, path: string, current: ReadonlyMap<string, Fn>): unknown {
  if (typeof value === 'function')
    return function (this: unknown, ...args: unknown[]) {
      return current.get(path)!.apply(this, args)
    }
  if (!isPlain(value)) return value
  const copy = Object.keys(value).map((name) => [name, wrap(value[name], `${path}.${name}`, current)])
  return Array.isArray(value) ? copy.map(([, item]) => item) : Object.fromEntries(copy)
}

/** Literals and lists; what has a class is a thing of its own. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (Array.isArray(value)) return true
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
