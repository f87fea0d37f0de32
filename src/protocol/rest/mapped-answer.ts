import { isRow } from '../../keys/key-in-row'
import type { Row } from '../../model/change'
import { SyncError } from '../../model/error'
import type { CheckpointRoute, Untyped } from './routes'

/** An answer to a pull, as far as it is understood without looking at rows. */
export interface MappedAnswer {
  readonly rows: readonly unknown[]
  readonly deleted: readonly unknown[]
  /** The cursor; undefined or null = none. */
  readonly checkpoint?: unknown
  readonly hasMore?: boolean
  readonly total?: number
}

const wrappers = ['data', 'items', 'rows', 'results']
const cursors = ['cursor', 'nextCursor', 'next_cursor']

/**
 * Rows and all else in an answer of the usual shape; undefined for any other. Without a declared checkpoint nothing
 * says how the next page would be asked for, so it is not looked for.
 */
export function usualAnswer(body: Untyped, strategy: CheckpointRoute | undefined): MappedAnswer | undefined {
  if (Array.isArray(body)) return { rows: body, deleted: [] }
  if (!isRow(body)) return undefined
  const wrapper = wrappers.find((name) => Array.isArray(body[name]))
  const deleted = body.deleted ?? []
  if ((wrapper === undefined && !Array.isArray(body.deleted)) || !Array.isArray(deleted)) return undefined
  const rows = wrapper === undefined ? [] : (body[wrapper] as unknown[])
  const total = isCount(body.total) ? { total: body.total } : {}
  return { rows, deleted, ...total, ...(strategy ? nextIn(body, strategy) : {}) }
}

/** Where the next page is, and whether there is one, as far as the answer says it. */
function nextIn(body: Row, strategy: CheckpointRoute): Pick<MappedAnswer, 'checkpoint' | 'hasMore'> {
  const hasMore = body.hasMore ?? body.has_more
  const fields = strategy.type !== 'cursor' ? [] : strategy.field === undefined ? cursors : [strategy.field]
  const cursor = fields.map((field) => body[field]).find((value) => value !== undefined)
  return {
    ...(cursor === undefined ? {} : { checkpoint: cursor }),
    ...(typeof hasMore === 'boolean' ? { hasMore } : {}),
  }
}

/**
 * What `mapResponse` answered.
 *
 * @throws SyncError `user-code-failed` for anything but rows or `{ rows, deleted, checkpoint, hasMore }`
 */
export function checkMapped(answer: unknown, name: string): MappedAnswer {
  if (Array.isArray(answer)) return { rows: answer, deleted: [] }
  const wrong = (what: string) => new SyncError('user-code-failed', { what: `${name} ${what}` })
  if (!isRow(answer)) throw wrong('answered neither rows nor { rows }')
  const { rows, deleted = [], checkpoint, hasMore, total } = answer
  if (!Array.isArray(rows)) throw wrong('answered an object without a list of rows')
  if (!Array.isArray(deleted)) throw wrong('answered a deleted that is no list')
  if (hasMore !== undefined && typeof hasMore !== 'boolean')
    throw wrong('answered a hasMore that is no boolean')
  return {
    rows,
    deleted,
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(hasMore === undefined ? {} : { hasMore }),
    ...(isCount(total) ? { total } : {}),
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}
