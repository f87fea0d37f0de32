const iso = /^(\d{4}-\d\d-\d\d)(?:([T ])(\d\d:\d\d)(:\d\d)?(?:\.(\d{1,12}))?)?( ?)(Z|z|[+-]\d\d(?::?\d\d)?)?$/

/** A time as ISO text, taken apart. */
export interface IsoTime {
  /** ms since 1970, with what is finer as a fraction. */
  readonly at: number
  readonly zone: string
  readonly gap: string
  readonly separator: string | undefined
  readonly seconds: boolean
  readonly fraction: number
  /** Of the zone, ms. */
  readonly offset: number
}

/** A text without a zone is taken as UTC: the zone of the device must not decide what is asked for. */
export function parseIso(text: string): IsoTime | undefined {
  const match = iso.exec(text)
  if (!match) return undefined
  const [, day = '', separator, minutes = '00:00', seconds, fraction = '', gap = '', zone = ''] = match
  const whole = Date.parse(`${day}T${minutes}${seconds ?? ':00'}Z`)
  if (Number.isNaN(whole)) return undefined
  const offset = offsetOf(zone)
  const at = whole - offset + Number(`0.${fraction || '0'}`) * 1000
  return { at, zone, gap, separator, seconds: seconds !== undefined, fraction: fraction.length, offset }
}

function offsetOf(zone: string): number {
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(zone)
  if (!match) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  return (match[1] === '-' ? -minutes : minutes) * 60_000
}
