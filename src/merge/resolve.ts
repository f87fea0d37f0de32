import type { Change, Key, Row } from '../model/change'
import { sameValue } from '../model/equal'
import type { Policy } from '../model/table'
import { differingFields } from './difference'
import { type Choice, choose } from './policies'

/** The three rows a conflict is about. `base` undefined = unknown; null = the row does not exist. */
export interface Versions {
  readonly base: Row | null | undefined
  readonly local: Row | null
  readonly remote: Row | null
}

export interface MergeRules {
  readonly policy: Policy
  /** Fields that are the server's: never a conflict, always taken from it (decision 8). */
  readonly serverFields: readonly string[]
}

/** What becomes of the local row and its waiting changes once the server's row is known; the base is then `remote`. */
export interface Resolution {
  /** The local row from now on; null = none. */
  readonly row: Row | null
  /** The waiting changes stand as they are, go, or are replaced by the difference to the server's row. */
  readonly waiting: 'keep' | 'drop' | 'replace'
  readonly conflict?: { readonly fields: readonly string[]; readonly decision: Decision }
}

export type Decision = 'local' | 'remote' | 'merged' | 'parked'

/**
 * Brings the waiting changes of a record and the server's row together (decision 6). `rebased` is the server's row
 * with the waiting changes on top (I6): what the row is when nobody disagrees.
 */
export function resolve(versions: Versions, rebased: Row | null, rules: MergeRules): Resolution {
  const { base, local, remote } = versions
  // What was done here came to nothing, or to what the server has: nobody disagrees, and nothing is left to tell.
  const isUndone = base !== undefined && isSame(base, local, rules.serverFields)
  if (isUndone || isSame(local, remote, rules.serverFields)) return { row: remote, waiting: 'drop' }
  const fields = conflictingFields(versions, rules.serverFields)
  if (fields.length === 0)
    // Both sides did the same: nothing is left to tell the server.
    return isSame(rebased, remote, rules.serverFields)
      ? { row: remote, waiting: 'drop' }
      : { row: rebased, waiting: 'keep' }
  return carryOut(choose(rules.policy, versions), versions, rebased, fields)
}

/** The fields both sides changed to different values; a row made or removed counts with all its fields. */
export function conflictingFields({ base, local, remote }: Versions, ignored: readonly string[]): string[] {
  if (base === undefined || base === null || local === null || remote === null) {
    const remoteChanged = base === undefined || !isSame(base, remote, ignored)
    return remoteChanged ? differingFields(local, remote, ignored) : []
  }
  const theirs = new Set(differingFields(base, remote, ignored))
  return differingFields(base, local, ignored).filter(
    (field) => theirs.has(field) && !sameValue(local[field], remote[field]),
  )
}

function isSame(a: Row | null, b: Row | null, ignored: readonly string[]): boolean {
  return (a === null) === (b === null) && differingFields(a, b, ignored).length === 0
}

function carryOut(choice: Choice, versions: Versions, rebased: Row | null, fields: string[]): Resolution {
  const { base, local, remote } = versions
  if (choice === 'park') return { row: local, waiting: 'keep', conflict: { fields, decision: 'parked' } }
  if (choice === 'local') {
    // On top of a row that is gone, an update would leave as an update of nothing: it becomes a create.
    const row = remote === null ? local : rebased
    const recreated = remote === null && local !== null
    return { row, waiting: recreated ? 'replace' : 'keep', conflict: { fields, decision: 'local' } }
  }
  if (local === null || remote === null || !base)
    return { row: remote, waiting: 'drop', conflict: { fields, decision: 'remote' } }
  const row: Row = { ...rebased }
  for (const field of fields) {
    if (field in remote) row[field] = remote[field]
    else delete row[field]
  }
  const nothingLeft = sameValue(row, remote)
  return {
    row,
    waiting: nothingLeft ? 'drop' : 'replace',
    conflict: { fields, decision: nothingLeft ? 'remote' : 'merged' },
  }
}

/** The one change that turns the server's row into the local one; null where they are the same. */
export function changeBetween(key: Key, from: Row | null, to: Row | null): Change | null {
  if (to === null) return from === null ? null : { kind: 'delete', key, before: from }
  if (from === null) return { kind: 'create', key, row: to }
  const fields = differingFields(from, to)
  if (fields.length === 0) return null
  return {
    kind: 'update',
    key,
    before: from,
    set: Object.fromEntries(fields.filter((field) => field in to).map((field) => [field, to[field]])),
    unset: fields.filter((field) => !(field in to)),
  }
}
