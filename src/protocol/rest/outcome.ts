import { isRow, keyIn } from '../../keys/key-in-row'
import { isValidKey } from '../../keys/stored-key'
import { isTemporary } from '../../keys/temporary'
import type { Key } from '../../model/change'
import type { FenceItem } from '../../model/entry'
import { isSyncError, type SyncErrorCode } from '../../model/error'
import type { Outcome, Reason } from '../../model/outcome'
import type { HttpAnswer } from '../../transport/answer'
import { classify } from '../../transport/classify'
import { maskRow } from '../../transport/mask'
import { answeredRow, ownerOf } from './answered-row'
import { reasonFor } from './reason'
import type { RestTable } from './table'
import type { UserCode } from './user-code'

/** What an answer to a push needs to be understood. */
export interface Asked {
  readonly item: FenceItem
  readonly table: RestTable
  readonly user: UserCode
  readonly signal: AbortSignal
  /** Wall clock, ms. */
  readonly now: number
}

type Answered = Extract<HttpAnswer, { kind: 'answered' }>

/** What became of an item (`FAULTS` C). */
export async function outcomeOf(answer: HttpAnswer, asked: Asked): Promise<Outcome> {
  const outcome = await understood(answer, asked)
  const isRefusal = answer.kind === 'answered' && answer.status >= 300
  return isRefusal && 'reason' in outcome ? withoutRow(outcome, asked.item) : outcome
}

/** What a server says of a refusal may quote the row it refuses (S7). */
function withoutRow<O extends Outcome & { readonly reason: Reason }>(outcome: O, item: FenceItem): O {
  const { message } = outcome.reason
  if (message === undefined) return outcome
  const remote = outcome.kind === 'conflict' ? outcome.remote : null
  return { ...outcome, reason: { ...outcome.reason, message: maskRow(message, item.row, item.base, remote) } }
}

async function understood(answer: HttpAnswer, asked: Asked): Promise<Outcome> {
  const verdict = classify(answer)
  const reason = (code: SyncErrorCode) => reasonFor(code, answer, asked.now)
  switch (verdict.kind) {
    case 'ok':
      return accepted(answer as Answered, asked)
    case 'missing':
      return missing(asked.item, reason('not-found'))
    case 'conflict':
      return conflict(answer as Answered, asked)
    case 'rejected':
      return { kind: 'rejected', reason: reason(verdict.code) }
    default: {
      const { code, ...rest } = verdict
      return { ...rest, reason: reason(code) } as Outcome
    }
  }
}

/** No such record: what a delete wanted, news for an update, and a refusal for a create. */
function missing(item: FenceItem, reason: Reason): Outcome {
  if (item.kind === 'delete') return { kind: 'accepted', gone: true }
  if (item.kind === 'update') return { kind: 'conflict', remote: null, reason }
  return { kind: 'rejected', reason }
}

/** With the server's row where the answer holds this record's; null where it says that the record is deleted. */
function conflict(answer: Answered, { item, table, now }: Asked): Outcome {
  const row = answeredRow(answer.body)
  if (!isRow(row) || ownerOf(row, table.shape.keyPath, item.key) !== 'same')
    return { kind: 'conflict', reason: reasonFor('conflict', answer, now) }
  const remote = table.isDeleted(row) ? null : row
  // Where the answer is the row itself, its texts are data: no message is made of them.
  const isBare = answer.body.kind === 'json' && answer.body.value === row
  const reason = reasonFor('conflict', answer, now, isBare ? false : undefined)
  return { kind: 'conflict', remote, ...etagOf(answer), reason }
}

async function accepted(answer: Answered, asked: Asked): Promise<Outcome> {
  const { item, table } = asked
  const failed = (code: SyncErrorCode, message?: string): Outcome => ({
    kind: 'unknown',
    spends: true,
    reason: reasonFor(code, answer, asked.now, message),
  })
  const row = await mappedRow(answer, asked)
  if (isSyncError(row)) return failed('user-code-failed', row.message)
  if (row !== undefined && !isRow(row)) return failed('user-code-failed', 'mapResponse answered no row')

  if (item.kind === 'create' && table.synced.keys === 'server' && isTemporary(item.key)) {
    const key = row && keyIn(row, table.shape.keyPath)
    // Sent again it might be made once more, and the answer would tell no more than this one.
    if (!isServerKey(key))
      return {
        kind: 'rejected',
        inDoubt: true,
        reason: reasonFor('missing-response-key', answer, asked.now),
      }
    const repeated = answer.earlierSent ? { repeated: true as const } : {}
    return { kind: 'accepted', key, ...(row ? { row } : {}), ...etagOf(answer), ...repeated }
  }
  const owner = row ? ownerOf(row, table.shape.keyPath, item.key) : 'none'
  if (owner === 'other') {
    // A create sent again would make one more record under one more key: once is enough to know.
    if (item.kind === 'create')
      return { kind: 'rejected', reason: reasonFor('wrong-record', answer, asked.now) }
    return failed('wrong-record')
  }
  const told = row && owner === 'same' && item.kind !== 'delete' ? { row } : {}
  return { kind: 'accepted', ...told, ...etagOf(answer) }
}

/** The row an accepted answer brings; undefined where there is none. */
async function mappedRow(answer: Answered, { item, table, user, signal }: Asked): Promise<unknown> {
  const { body } = answer
  const route = table.push[item.kind]
  if (body.kind !== 'json' || !route?.mapResponse) return answeredRow(body)
  const name = `routes.${table.name}.push.${item.kind}.mapResponse`
  const subject = item.kind === 'delete' ? item.base : item.row
  try {
    return (await user.call(name, () => route.mapResponse?.(body.value, subject), signal)) ?? undefined
  } catch (error) {
    if (isSyncError(error)) return error
    throw error
  }
}

/** A key the server can have made: an echo of our own temporary one is none. */
function isServerKey(key: unknown): key is Key {
  return isValidKey(key) && !isTemporary(key)
}

function etagOf({ etag }: Answered): { etag?: string } {
  return etag === undefined ? {} : { etag }
}
