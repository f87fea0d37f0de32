import { isOlder } from '../merge/order'
import type { Change, Key, Row } from '../model/change'
import type { FenceItem } from '../model/entry'
import { sameValue } from '../model/equal'
import { copyField } from '../model/field'
import type { RecordState } from '../model/record-state'
import { applyChanges } from '../outbox/coalesce'

/** An accepted change and everything that bears on its record. */
export interface Accepted {
  readonly item: FenceItem
  /** The record's key from now on: the server's, where it made one. */
  readonly key: Key
  /** The server's answer, where it gave one. */
  readonly answer: Row | undefined
  readonly etag: string | undefined
  /** The server's row that came by another way meanwhile (pulled); null = deleted there; undefined = none. */
  readonly incoming: Row | null | undefined
  readonly state: RecordState | undefined
  /** Changes made after the sent ones, oldest first. */
  readonly remaining: readonly Change[]
  readonly orderField: string | undefined
  readonly serverFields: readonly string[]
  /** The table is pulled: a receipt is kept, so that an older page does not undo what was accepted (I8). */
  readonly pulled: boolean
  readonly now: number
}

/** What the record is once its change was accepted. `state` null = nothing more to remember. */
export interface Settlement {
  readonly row: Row | null
  readonly state: RecordState | null
}

/**
 * The effect of an accepted change (I4, I6): the newer of answer and incoming is the base, and what was written
 * meanwhile stays on top of it; where that is the incoming row, both are brought together next.
 */
export function settleAccepted(accepted: Accepted): Settlement {
  const { item, key, remaining, orderField, now, etag } = accepted
  const answered = answeredRow(accepted)
  const base = newerOf(answered, accepted.incoming, accepted)
  const floor = orderField ? floorOf(base, accepted) : undefined
  const known = {
    table: item.table,
    key,
    ...(floor !== undefined && { floor }),
    ...(etag !== undefined && { etag }),
    ...(base === answered && isUntold(answered, accepted) && { untold: true as const }),
  }
  // What was written here meanwhile has not met what came from elsewhere: a policy has its say before it leaves (I6).
  const unmet = remaining.length > 0 && base !== answered
  if (unmet)
    return {
      row: applyChanges(answered, remaining),
      state: { ...known, base: answered, incoming: { row: base }, acceptedAt: now },
    }
  const row = applyChanges(base, remaining)
  if (remaining.length > 0) return { row, state: { ...known, base, acceptedAt: now } }
  if (!accepted.pulled) return { row, state: null }
  return { row, state: { ...known, ...(base === null && { tombstone: true as const }), settledAt: now } }
}

/** The row as the server has it now: what was sent with its answer on top; its own fields never from what the app wrote. */
function answeredRow({ item, answer, serverFields }: Accepted): Row | null {
  if (item.row === null) return null
  const row: Row = { ...item.row }
  if (item.base) for (const field of serverFields) copyField(field, item.base, row)
  return { ...row, ...answer }
}

/** A clock of a device that is ahead must not make the server's rows look old (I8). */
function isUntold(answered: Row | null, { item, answer, state, orderField }: Accepted): boolean {
  if (!orderField || answered?.[orderField] === undefined || answer?.[orderField] !== undefined) return false
  return item.base === null || state?.untold === true
}

function newerOf(
  answered: Row | null,
  incoming: Row | null | undefined,
  { item, key, state, orderField, answer }: Accepted,
) {
  if (incoming === undefined || item.kind === 'delete') return answered
  // A deletion that arrived while an update or create was under way came after it, or the server had refused. Where the
  // server made the key, the row was there in between, or its order says so, it is this one that was deleted.
  const isThisOne =
    !sameValue(key, item.key) ||
    state?.incoming?.wasThere ||
    (orderField !== undefined && isOlder(answered?.[orderField], state?.incoming?.deletedAt))
  const cameAfter = item.kind === 'update' || isThisOne
  if (incoming === null) return cameAfter ? null : answered
  if (!orderField || !answer || answered === null) return incoming
  return isOlder(answered[orderField], incoming[orderField]) ? incoming : answered
}

function floorOf(base: Row | null, { item, answer, incoming, state, orderField }: Accepted): unknown {
  const before = state?.untold ? null : item.base
  const candidates = [before, incoming, answer, base === incoming ? base : null].flatMap((row) =>
    row && orderField && row[orderField] !== undefined ? [row[orderField]] : [],
  )
  const known = state?.floor === undefined ? candidates : [state.floor, ...candidates]
  return known.reduce<unknown>(
    (highest, next) => (highest === undefined || isOlder(highest, next) ? next : highest),
    undefined,
  )
}
