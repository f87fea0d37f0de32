/**
 * Compares two order values of one record as the server gave them (a version number, a time as ms or ISO text):
 * negative when `a` is older. Null when they cannot be compared.
 */
export function compareOrder(a: unknown, b: unknown): number | null {
  const [left, right] = [comparable(a), comparable(b)]
  if (left === null || right === null) return null
  if ((typeof left === 'string') !== (typeof right === 'string')) return null
  return left < right ? -1 : left > right ? 1 : 0
}

/** True when `a` is known to be older than `b`. */
export function isOlder(a: unknown, b: unknown): boolean {
  const order = compareOrder(a, b)
  return order !== null && order < 0
}

const isoTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/

function comparable(value: unknown): number | bigint | string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (value instanceof Date) return comparable(value.getTime())
  if (typeof value !== 'string') return null
  // A 64-bit counter as text goes beyond what a number holds exactly.
  if (/^\d+$/.test(value)) return value.length < 16 ? Number(value) : BigInt(value)
  if (!isoTime.test(value)) return value
  const time = Date.parse(value)
  return Number.isNaN(time) ? value : time + finerThanMs(value)
}

/** PostgreSQL writes microseconds; they decide which of two rows of one millisecond is newer. */
function finerThanMs(text: string): number {
  const digits = /\.\d{3}(\d{1,6})/.exec(text)?.[1]
  return digits ? Number(`0.${digits}`) : 0
}
