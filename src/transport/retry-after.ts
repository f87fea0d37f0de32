/** The longest a server can make us wait, ms: a hostile or mistaken header must not stop sync for years (S14). */
export const longestPause = 3_600_000

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const imf = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/
const rfc850 = /^[A-Z][a-z]{5,8}, (\d\d)-([A-Z][a-z]{2})-(\d\d) (\d\d):(\d\d):(\d\d) GMT$/
const asctime = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/

/**
 * How long a `Retry-After` header asks to wait, ms, between 0 and {@link longestPause}; undefined for anything that is
 * neither whole seconds nor one of the three date forms of HTTP. A date is measured against the answer's own `Date`
 * where that can be read, since the clock of the device may be wrong.
 *
 * @param now the device's clock, ms
 */
export function parseRetryAfter(
  header: string | null,
  now: number,
  date?: string | null,
): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d+$/.test(text)) return clamp(Number(text) * 1000)
  const at = parseHttpDate(text, now)
  if (at === undefined) return undefined
  return clamp(at - (parseHttpDate(date?.trim() ?? '', now) ?? now))
}

/** A date in one of the three forms of HTTP (RFC 9110 5.6.7), ms; undefined for every other text. */
export function parseHttpDate(text: string, now: number): number | undefined {
  const fixed = imf.exec(text)
  if (fixed) return utc(Number(fixed[3]), fixed[2], fixed.slice(1))
  const old = rfc850.exec(text)
  if (old) return utc(fullYear(Number(old[3]), now), old[2], old.slice(1))
  const c = asctime.exec(text)
  if (c) return utc(Number(c[6]), c[1], [c[2], '', '', c[3], c[4], c[5]])
  return undefined
}

/** Two digits stand for the nearest year: at most 50 years ahead, less than 50 ago. */
function fullYear(two: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear()
  const year = Math.floor(thisYear / 100) * 100 + two
  if (year > thisYear + 50) return year - 100
  return year <= thisYear - 50 ? year + 100 : year
}

function utc(
  year: number,
  month: string | undefined,
  parts: readonly (string | undefined)[],
): number | undefined {
  const index = months.indexOf(month ?? '')
  const [day, hour, minute, second] = [parts[0], parts[3], parts[4], parts[5]].map(Number) as [
    number,
    number,
    number,
    number,
  ]
  if (index < 0 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined
  return Date.UTC(year, index, day, hour, minute, second)
}

function clamp(ms: number): number {
  return Math.min(Math.max(ms, 0), longestPause)
}
