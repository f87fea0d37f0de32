import { isRow } from '../../keys/key-in-row'
import { checkRules, conflictRules } from '../../model/conflict-options'
import type { ConflictOptions } from '../../model/conflict-rules'
import { SyncError } from '../../model/error'
import type { SyncedTable, Verify } from '../../model/table'
import type { PullRoute, PushRoutes, Route } from './routes'
import type { TableShape } from './table-shape'

/** A table with its route, and what follows from it. */
export interface RestTable {
  readonly name: string
  readonly route: Route
  /** The routes of its changes; none where it is only pulled. */
  readonly push: PushRoutes
  readonly shape: TableShape
  readonly synced: SyncedTable
  /** Whether the server says with this row that the record is deleted. */
  isDeleted(row: unknown): boolean
}

const usualTombstones = ['deleted_at', 'deletedAt', '_deleted']

/** Works out every default of a route. */
export function restTable(
  name: string,
  route: Route,
  shape: TableShape,
  defaults: { readonly conflicts: ConflictOptions; readonly verify: Verify },
): RestTable {
  const push: PushRoutes = route.push || {}
  const orderField = orderFieldOf(route, shape)
  const conflicts = conflictRules(defaults.conflicts, route.conflicts, timesOf(route))
  checkRules(conflicts, `routes.${name}.conflicts`)
  const synced: SyncedTable = {
    name,
    keyPath: shape.keyPath,
    keys: route.key ?? (shape.auto ? 'server' : 'client'),
    push: Boolean(push.create || push.update || push.delete),
    ...(route.pull ? { pull: name } : {}),
    verify: possibleVerify(route, push.verify ?? defaults.verify),
    serverFields: route.serverFields ?? unique([route.version, orderField, 'updatedAt', 'updated_at']),
    ...(orderField === undefined ? {} : { orderField }),
    ...(push.create?.onUnknown ? { onUnknown: push.create.onUnknown } : {}),
    ...(push.rateLimit ? { rateLimit: push.rateLimit } : {}),
    conflicts,
  }
  return { name, route, push, shape, synced, isDeleted: tombstoneTest(name, route.pull) }
}

/** The look that can be had: the table where it is pulled, else the row where it can be read, else none. */
function possibleVerify(route: Route, wanted: Verify): Verify {
  if (wanted === 'pull' && !route.pull) return route.read ? 'get' : 'none'
  if (wanted === 'get' && !route.read) return route.pull ? 'pull' : 'none'
  return wanted
}

/**
 * The field that orders the rows of one record (I8). Of several candidates only an indexed one is known to be the
 * app's: a guess could take an ordinary field for the server's, and its edits would never be sent.
 */
function orderFieldOf(route: Route, shape: TableShape): string | undefined {
  if (route.version) return route.version
  const checkpoint = route.pull?.checkpoint
  if (!checkpoint || checkpoint.type === 'cursor') return undefined
  if (typeof checkpoint.field === 'string') return checkpoint.field
  return checkpoint.field.find((field) => shape.indexes?.includes(field))
}

/** The fields that hold the server's times: those the pull goes by. */
function timesOf({ pull }: Route): string | readonly string[] | undefined {
  return pull?.checkpoint?.type === 'keyset' ? pull.checkpoint.field : undefined
}

function tombstoneTest(table: string, pull: PullRoute | undefined): (row: unknown) => boolean {
  const mark = pull?.tombstone ?? usualTombstones
  if (mark === false) return () => false
  if (typeof mark === 'function') {
    return (row) => {
      try {
        return Boolean(mark(row))
      } catch (cause) {
        throw new SyncError('user-code-failed', { what: `routes.${table}.pull.tombstone threw`, cause })
      }
    }
  }
  const fields = typeof mark === 'string' ? [mark] : mark
  return (row) => isRow(row) && fields.some((field) => Boolean(row[field]))
}

function unique(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))]
}
