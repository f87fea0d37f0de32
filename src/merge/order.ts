/**
 * Compares two order values of one record as the server gave them (a version number, a time as ms or ISO text):
 * negative when `a` is older. Null when they cannot be compared.
 */
export function compareOrder(a: unknown, b: unknown): number | null {
  const [left, right] = [comparable(a), comparable(b)]
  if (left === null || right === null) return null
  if (typeof left === 'number' && typeof right === 'number') return left - right
  const [x, y] = [String(left), String(right)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** True when `a` is known to be older than `b`. */
export function isOlder(a: unknown, b: unknown): boolean {
  const order = compareOrder(a, b)
  return order !== null && order < 0
}

const isoTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/

function comparable(value: unknown): number | string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (value instanceof Date) return comparable(value.getTime())
  if (typeof value !== 'string') return null
  if (/^\d+$/.test(value)) return value.length < 16 ? Number(value) : value.padStart(40, '0')
  if (!isoTime.test(value)) return value
  const time = Date.parse(value)
  return Number.isNaN(time) ? value : time + finerThanMs(value)
}

/** PostgreSQL writes microseconds; they decide which of two rows of one millisecond is newer. */
function finerThanMs(text: string): number {
  const digits = /\.\d{3}(\d{1,6})/.exec(text)?.[1]
  return digits ? Number(`0.${digits}`) : 0
}
