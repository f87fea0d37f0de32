import { isRow, keyIn } from '../keys/key-in-row'
import { changeBetween } from '../merge/change-between'
import type { Change, Row } from '../model/change'
import type { Mark } from '../model/entry'
import { sameValue } from '../model/equal'
import { SyncError } from '../model/error'
import type { MigrateOutbox, Migration } from '../model/schema'
import type { KeyPath } from '../model/table'
import { applyChange } from './coalesce'

/** One step of rows of one table from a schema version to that of the running code. */
export interface Step extends Migration {
  readonly migrate: MigrateOutbox
  readonly keyPath: KeyPath
}

/** A row in the new shape. Throws `migration-failed` where the app's code fails (I13). */
export function migrateRow(row: Row, { migrate, keyPath, ...about }: Step): Row {
  const { table } = about
  const failed = (what: string, cause?: unknown) =>
    new SyncError('migration-failed', { what: `migrateOutbox ${what}`, table, cause })
  const copy = structuredClone(row)
  let made: unknown
  try {
    const answer = migrate(copy, Object.freeze(about))
    made = structuredClone(answer === undefined ? copy : answer)
  } catch (cause) {
    throw failed('threw, or answered what cannot be stored', cause)
  }
  if (!isRow(made)) throw failed('answered no row')
  if (!sameValue(keyIn(made, keyPath), keyIn(row, keyPath))) throw failed('changed the primary key')
  return made
}

/** A change in the new shape: of an update, what turns the migrated row into the migrated row after it. */
export function migrateChange(change: Change, step: Step): Change {
  const { schemaVersion: _, ...same } = change
  const before = change.before && { before: migrateRow(change.before, step) }
  if (change.kind !== 'update')
    return { ...same, ...before, ...(change.row && { row: migrateRow(change.row, step) }) }
  // Without the row it stands on, the fields are all there is of it.
  if (!before) return { ...same, set: migrateRow(change.set ?? {}, step) }
  const after = migrateRow(applyChange(change.before!, change)!, step)
  const { set = {}, unset = [] } = changeBetween(change.key, before.before, after) ?? {}
  return { ...same, ...before, set, unset }
}

/** The row right after a change; undefined where the change does not tell. */
export function rowAfter(change: Change): Row | undefined {
  if (change.kind === 'create') return change.row
  return change.kind === 'update' && change.before
    ? (applyChange(change.before, change) ?? undefined)
    : undefined
}

/** A change that could not be migrated is for a person; until they ask for it again it is left alone. */
export function isToBeMigrated({ schemaVersion }: Change, mark: Mark | undefined): boolean {
  return mark !== 'done' && !(schemaVersion !== undefined && mark)
}
