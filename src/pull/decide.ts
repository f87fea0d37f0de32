import { compareOrder, isOlder } from '../merge/order'
import type { Resolution } from '../merge/resolve'
import type { Row, StampedChange } from '../model/change'
import { sameValue } from '../model/equal'
import type { RecordState } from '../model/record-state'
import type { SyncedTable } from '../model/table'
import { baseOf } from '../outbox/base-of'
import { bringTogether } from '../outbox/bring-together'
import { applyChanges } from '../outbox/coalesce'

/** A pulled row and everything that bears on it. */
export interface Arrival {
  /** The server's row; null = deleted there. */
  readonly remote: Row | null
  /** The order value of a deletion, where the server tells it. */
  readonly deletedAt?: unknown
  readonly local: Row | null
  readonly state: RecordState | undefined
  /** Waiting changes of the record, oldest first. */
  readonly waiting: readonly StampedChange[]
  /** Something of the record was sent and has no outcome, is of other code, or is a deletion that may be asked about. */
  readonly underway: boolean
  /** Something of the record is held for a person. */
  readonly held: boolean
  /** The row was here before sync, and the server has not confirmed it yet (decision 5). */
  readonly unconfirmed: boolean
  /** The table is pulled from its start (resync): the server may have been set back, and is believed. */
  readonly anew: boolean
}

/**
 * What becomes of a pulled row.
 *
 * - `superseded`: it is older than what the server has confirmed (I8), or equal to what is here.
 * - `write`: nothing waits; it is the row now.
 * - `incoming`: kept until what is under way has its outcome, or the app has decided.
 * - `base`: becomes the base of changes that are held; the local row shows them on top of it.
 * - `resolve`: brought together with the waiting changes.
 * - `differs`: a row that was here before sync is another than the server's: for a person.
 */
export type Verdict =
  | { readonly kind: 'superseded' }
  | { readonly kind: 'write'; readonly row: Row | null }
  | { readonly kind: 'incoming' }
  | { readonly kind: 'base'; readonly row: Row | null }
  | { readonly kind: 'resolve'; readonly base: Row | null; readonly resolution: Resolution }
  | { readonly kind: 'differs' }

/** Decides on one pulled row (I5, I6, I8); the same input always gives the same verdict. */
export function decide(arrival: Arrival, table: SyncedTable): Verdict {
  const { remote, local, state, waiting, underway, held, unconfirmed, deletedAt } = arrival
  if (isSuperseded(remote, state, table.orderField)) return { kind: 'superseded' }
  if (state?.parked !== undefined)
    return sameValue(remote, state.incoming?.row) ? { kind: 'superseded' } : { kind: 'incoming' }
  if (waiting.length === 0) {
    if (sameValue(remote, local) || isBehind(arrival, local, table.orderField)) return { kind: 'superseded' }
    // Also where the server tells of a deletion: the row it deleted under that key need not be this one.
    return unconfirmed && local !== null ? { kind: 'differs' } : { kind: 'write', row: remote }
  }
  const base = baseOf(state, waiting)
  if (isBehind(arrival, base, table.orderField)) return { kind: 'superseded' }
  const known = state?.incoming ? state.incoming.row : base
  // What the changes stand on already: an overlap asks for it again and again.
  // A deletion may also be that of what was made here and has arrived: its answer will tell the order of both.
  const isUnheard = underway && deletedAt !== undefined && !state?.incoming
  if (!unconfirmed && sameValue(remote, known) && !isUnheard) return { kind: 'superseded' }
  // What is kept already was not brought together with the changes yet.
  if (underway || (held && state?.incoming)) return { kind: 'incoming' }
  if (held) return { kind: 'base', row: applyChanges(remote, waiting) }
  if (unconfirmed) return { kind: 'differs' }
  const resolution = bringTogether({ base, local, remote }, waiting, table)
  return resolution.asks ? { kind: 'incoming' } : { kind: 'resolve', base, resolution }
}

/**
 * A replica that lags shows an older row than `here`, which came from the server before, or a deletion after which it was
 * made again (B3).
 */
function isBehind(
  { remote, deletedAt, state, anew, unconfirmed }: Arrival,
  here: Row | null,
  orderField: string | undefined,
): boolean {
  if (anew || unconfirmed || state?.untold || orderField === undefined) return false
  return isOlder(remote ? remote[orderField] : deletedAt, here?.[orderField])
}

/** Without an order nothing is known to be older: such tables are never pushed and pulled at once (I8). */
function isSuperseded(
  remote: Row | null,
  state: RecordState | undefined,
  orderField: string | undefined,
): boolean {
  if (!state || !remote || !orderField) return false
  const order = remote[orderField]
  const incoming = state.incoming?.row
  if (incoming && isOlder(order, incoming[orderField])) return true
  if (state.floor === undefined) return false
  // A deletion of ours was confirmed after the row had the floor's value: at or below it, the row is the one before.
  return isOlder(order, state.floor) || (state.tombstone === true && compareOrder(order, state.floor) === 0)
}
