import { isRow } from '../../keys/key-in-row'
import { earlier, type OrderValue, orderOf, orderValue } from './time'

/** How far a pull by time (or number) has come. */
export interface KeysetPosition {
  /** The greatest value seen; never decreases. */
  readonly last: Place
  /** While more pages follow: where the next one begins. */
  readonly next?: Place
  /** Wall clock when `last` grew, ms. */
  readonly since: number
  /** While more pages follow: wall clock when the first one was asked for, ms. */
  readonly begun?: number
  /** How long the pages of the last run took, ms: what was stored meanwhile may lie so much further back. */
  readonly took?: number
  /** This run began with the overlap, after its time had passed. */
  readonly look?: true
  /** The overlap has been asked once more after its time had passed: nothing late is expected any more. */
  readonly settled?: true
}

/** A value, and the second one that orders rows of the same value. */
export interface Place {
  readonly at: OrderValue
  readonly key?: unknown
}

export interface KeysetOptions {
  /** Candidates for the field with the value: the first a row has. */
  readonly fields: readonly string[]
  /** Second field, where the server takes it. */
  readonly key?: string
  /** ms. */
  readonly overlap: number
}

/** What a page is asked with. No `from`: from the start. */
export interface KeysetAsk {
  readonly from?: Place
  readonly overlapping: boolean
}

/**
 * - `page`: the rows count; `position` is where they lead (absent: it cannot be told), `ordered` false = the server does
 *   not answer what was asked.
 * - `widen`: all rows share one value, or their order means nothing: the same again with a larger limit.
 * - `stuck`: the server has more but gives nothing that leads there.
 */
export type KeysetStep =
  | {
      readonly kind: 'page'
      readonly position?: KeysetPosition
      readonly more: boolean
      readonly ordered: boolean
    }
  | { readonly kind: 'widen' }
  | { readonly kind: 'stuck'; readonly code: 'stuck-boundary' | 'cursor-stuck' }

/** ms after which a server that does not show its newest row any more is believed: replicas are not so far behind. */
const longestLag = 10 * 60_000

/**
 * Where the next page begins. Between pages of one run exactly behind the last, at its end some time before: rows are
 * stamped earlier than they are stored (B5), and may have been stored behind the first page while the others came. The
 * overlap ends with the first whole run that began after its time had passed and showed the newest row, so that a bulk
 * import is not pulled for ever, and no replica that is behind ends it (B3). Such a one may have shown some rows of the
 * newest time and not the others: that time is asked again as long as replicas may be behind.
 */
export function askKeyset(
  position: KeysetPosition | undefined,
  { overlap }: KeysetOptions,
  now: number,
): KeysetAsk {
  if (!position) return { overlapping: false }
  const { last, next, settled, since, took = 0 } = position
  if (next) return { from: next, overlapping: false }
  if (overlap === 0 || (settled && now - since >= longestLag)) return { from: last, overlapping: false }
  return { from: { at: earlier(last.at, settled ? 1 : overlap + took) }, overlapping: !settled }
}

/** An answer and what it was asked with. */
export interface KeysetAnswer {
  readonly position: KeysetPosition | undefined
  readonly ask: KeysetAsk
  readonly rows: readonly unknown[]
  readonly limit: number
  /** No larger limit is possible. */
  readonly largest: number
  /** What the server says itself, where it does. */
  readonly hasMore: boolean | undefined
  /** ms since the checkpoint last moved, when it was asked for. */
  readonly elapsed: number
  /** Wall clock when it was asked for, ms. */
  readonly askedAt: number
  /** Wall clock, ms. */
  readonly now: number
}

/** What an answer means for a pull by time. */
export function stepKeyset(answer: KeysetAnswer, options: KeysetOptions): KeysetStep {
  const { ask, rows, limit, largest, hasMore } = answer
  const places = rows.map((row) => placeOf(row, options)).filter((found) => found !== undefined)
  const ordered = isOrdered(places, ask.from)
  const end = () => page(positionAfter(answer, places, undefined, options), ordered)
  if (!(hasMore ?? rows.length >= limit)) return end()
  if (rows.length === 0) return { kind: 'stuck', code: 'cursor-stuck' }
  const wider = limit < largest
  if (!ordered || places.length === 0) {
    // More rows than asked for: the limit is ignored too, so this is all there is.
    if (rows.length > limit) return end()
    return wider ? { kind: 'widen' } : { kind: 'page', more: false, ordered: false }
  }
  const next = options.key === undefined ? beforeLastValue(places) : places.at(-1)
  if (next && leadsOn(next, ask.from)) return page(positionAfter(answer, places, next, options), ordered)
  if (options.key !== undefined) return { kind: 'stuck', code: 'cursor-stuck' }
  return wider ? { kind: 'widen' } : { kind: 'stuck', code: 'stuck-boundary' }
}

function page(position: KeysetPosition | undefined, ordered: boolean): KeysetStep {
  return { kind: 'page', ...(position ? { position } : {}), more: position?.next !== undefined, ordered }
}

/** Where the page leads: to `next`, or to the end of the run. */
function positionAfter(
  answer: KeysetAnswer,
  places: readonly Place[],
  next: Place | undefined,
  { overlap }: KeysetOptions,
): KeysetPosition | undefined {
  const { position, ask, elapsed, askedAt, now } = answer
  const top = greatest(places)
  const run = runAfter(answer, next, overlap)
  const grows = top && (!position || orderAt(top) > orderAt(position.last))
  if (grows) return { last: top, since: now, ...run }
  if (!position) return undefined
  const { last, since } = position
  const age = Math.max(elapsed, askedAt - since)
  const look = (ask.overlapping && age >= overlap) || position.look
  if (next) return { last, since, ...run, ...(look ? { look } : {}), ...settledIf(position.settled) }
  const seen = top ?? ask.from
  const shown = (seen && orderAt(seen) >= orderAt(last)) || age >= longestLag
  if (position.settled || (look && shown)) return { last, since, settled: true }
  return { last, since, ...run }
}

/** Where the run goes on and since when it has, or how long it took; nothing for a run of one page. */
function runAfter(
  { position, askedAt, now }: KeysetAnswer,
  next: Place | undefined,
  overlap: number,
): Pick<KeysetPosition, 'next' | 'begun' | 'took'> {
  const begun = position?.next ? position.begun : undefined
  if (next) return { next, begun: begun ?? askedAt }
  return begun !== undefined && overlap > 0 ? { took: Math.max(0, now - begun) } : {}
}

function settledIf(settled: boolean | undefined): { settled?: true } {
  return settled ? { settled: true } : {}
}

function placeOf(row: unknown, { fields, key }: KeysetOptions): Place | undefined {
  if (!isRow(row)) return undefined
  for (const field of fields) {
    const at = orderValue(row[field])
    if (at !== undefined) return key === undefined ? { at } : { at, key: row[key] }
  }
  return undefined
}

/** Whether values never go back, neither in the page nor behind what was asked. */
function isOrdered(places: readonly Place[], from: Place | undefined): boolean {
  const from0 = from ? orderAt(from) : Number.NEGATIVE_INFINITY
  return places.every((each, at) => orderAt(each) >= (at === 0 ? from0 : orderAt(places[at - 1] as Place)))
}

function greatest(places: readonly Place[]): Place | undefined {
  return places.reduce<Place | undefined>(
    (top, each) => (!top || orderAt(each) >= orderAt(top) ? each : top),
    undefined,
  )
}

/**
 * The last value but one of an ordered page. The page may have been cut among the rows of its last value, and a server
 * that compares with `>` would never give the others if it were asked from there.
 */
function beforeLastValue(places: readonly Place[]): Place | undefined {
  const top = places.at(-1)
  const at = places.findIndex((each) => top !== undefined && orderAt(each) === orderAt(top))
  return places[at - 1]
}

function leadsOn(next: Place, from: Place | undefined): boolean {
  if (!from) return true
  return (
    orderAt(next) > orderAt(from) ||
    (orderAt(next) === orderAt(from) && next.key !== undefined && next.key !== from.key)
  )
}

function orderAt({ at }: Place): number {
  return orderOf(at) ?? Number.NEGATIVE_INFINITY
}
