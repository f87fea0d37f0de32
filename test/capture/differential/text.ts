/** A value as text: the same text for values that no program could tell apart after reading them from IndexedDB. */
export function textOf(value: unknown, seen: unknown[] = []): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return 'function'
  if (typeof value !== 'object') return `${typeof value} ${String(value)}`
  if (seen.includes(value)) return `<${seen.indexOf(value)}>`
  const within = [...seen, value]
  const inside = (items: Iterable<unknown>) => [...items].map((item) => textOf(item, within)).join(', ')
  if (value instanceof Date) return `Date(${value.getTime()})`
  if (value instanceof Map) return `Map(${inside([...value].flat())})`
  if (value instanceof Set) return `Set(${inside(value)})`
  if (value instanceof ArrayBuffer) return `bytes(${[...new Uint8Array(value)]})`
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${[...(value as Uint8Array)]})`
  if (value instanceof RegExp) return String(value)
  if (Array.isArray(value)) return `[${inside(value)}]`
  const maker = value.constructor?.name ?? 'null'
  const fields = Object.keys(value)
    .sort()
    .map((name) => `${name}: ${textOf((value as Record<string, unknown>)[name], within)}`)
  return `${maker === 'Object' ? '' : maker}{${fields.join(', ')}}`
}

/** An error as far as apps tell errors apart: by name, and for bulk calls which positions failed how. */
export function errorText(error: unknown): string {
  const { name, failures, failuresByPos } = error as {
    name?: string
    failures?: unknown[]
    failuresByPos?: Record<string, unknown>
  }
  const positions = failuresByPos ?? failures
  if (!positions) return `${name}`
  const names = Object.entries(positions).map(([i, one]) => `${i}:${(one as Error)?.name}`)
  return `${name}(${names.join(', ')})`
}
