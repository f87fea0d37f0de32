import { type IsoTime, parseIso } from '../../model/iso-time'

/** A place in the order of rows, in the server's own form: ISO text, a number, or a number as text. */
export type OrderValue = string | number

const digits = /^-?\d{1,17}(?:\.\d{1,9})?$/

/** Where a value stands, ms for times; undefined for what has no place in an order. */
export function orderOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime()
  if (typeof value !== 'string') return undefined
  return digits.test(value) ? Number(value) : parseIso(value)?.at
}

/** A value of a row as it is kept and asked for. */
export function orderValue(value: unknown): OrderValue | undefined {
  if (orderOf(value) === undefined) return undefined
  return value instanceof Date ? value.toISOString() : (value as OrderValue)
}

/**
 * The same place, some ms earlier, in the same form: a server that writes no zone and microseconds is asked without
 * zone and with microseconds. Never before zero for numbers, which some servers refuse. What is finer than a ms is cut
 * off, which is earlier still.
 */
export function earlier(value: OrderValue, ms: number): OrderValue {
  if (ms === 0) return value
  if (typeof value === 'number') return lower(value, ms)
  if (digits.test(value)) return String(lower(Number(value), ms))
  const parsed = parseIso(value)
  return parsed ? formatIso(parsed, Math.floor(parsed.at) - ms) : value
}

function lower(value: number, ms: number): number {
  return value < 0 ? value - ms : Math.max(0, value - ms)
}

function formatIso(form: IsoTime, at: number): string {
  const text = new Date(at + form.offset).toISOString()
  const zone = form.gap + form.zone
  if (!form.separator) return text.slice(0, 10) + zone
  const clock = text.slice(11, form.seconds ? 19 : 16)
  const fraction = form.fraction
    ? `.${text.slice(20, 23).padEnd(form.fraction, '0').slice(0, form.fraction)}`
    : ''
  return `${text.slice(0, 10)}${form.separator}${clock}${fraction}${zone}`
}
