import { keyIn, withKey } from '../keys/key-in-row'
import type { Key, Row } from '../model/change'
import { sameValue } from '../model/equal'
import { copyField, setField } from '../model/field'
import { conflictingFields } from './conflicting-fields'
import { isLater, remoteTime } from './later'
import { type Merged, mergeField } from './merge-field'
import { type Choice, chooseDeletion, chooseEdit, chooseRow } from './policies'
import { byField, mustAsk, type Ruling, type Told } from './told'
import { isSame, type LocalTimes, type MergeRules, type Versions } from './versions'

/** What becomes of the local row and its waiting changes once the server's row is known; the base is then `remote`. */
export interface Resolution {
  /** The local row from now on; null = none. */
  readonly row: Row | null
  /** The waiting changes stand as they are, go, or are replaced by the difference to the server's row. */
  readonly waiting: 'keep' | 'drop' | 'replace'
  readonly conflict?: { readonly fields: readonly string[]; readonly decision: Decision }
  /**
   * Functions of the app have the word first: nothing is settled, and the server's row is kept as `incoming` until
   * they were asked. Then call {@link resolve} with what they said.
   */
  readonly asks?: true
  /** When the waiting changes were made: what takes their place keeps these times. */
  readonly times?: LocalTimes
}

export type Decision = 'local' | 'remote' | 'merged' | 'parked'

/** A conflict to be settled, with `rebased`: the server's row with the waiting changes on top. */
interface Dispute {
  readonly versions: Versions
  readonly rebased: Row | null
  readonly fields: readonly string[]
  readonly rules: MergeRules
  readonly told: Told
  /** When the server's row was last changed, ms. */
  readonly remoteChangedAt: number | undefined
}

/**
 * Brings the waiting changes of a record and the server's row together (decision 6). `rebased` is the server's row
 * with the waiting changes on top (I6): what the row is when nobody disagrees. `told` is what functions of the app said
 * of it; `{}` where they had nothing to say, undefined where they were not asked.
 */
export function resolve(versions: Versions, rebased: Row | null, rules: MergeRules, told?: Told): Resolution {
  const { base, local, remote } = versions
  // What was done here came to nothing: nobody disagrees.
  if (base !== undefined && isSame(base, local, rules.serverFields)) return { row: remote, waiting: 'drop' }
  const fields = conflictingFields(versions, rules)
  if (fields.length === 0) {
    // Both sides did the same: nothing is left to tell the server.
    const isTold = isSame(local, remote, rules.serverFields) || isSame(rebased, remote, rules.serverFields)
    return isTold ? { row: remote, waiting: 'drop' } : { row: rebased, waiting: 'keep' }
  }
  if (!told && mustAsk(versions, fields, rules.conflicts)) return { row: local, waiting: 'keep', asks: true }
  const remoteChangedAt = told?.remoteChangedAt ?? remoteTime(remote, rules.conflicts.clock)
  const dispute: Dispute = { versions, rebased, fields, rules, told: told ?? {}, remoteChangedAt }
  return told?.ruling === undefined ? settle(dispute) : carryOut(dispute, told.ruling)
}

/** As rules and policy say. */
function settle(dispute: Dispute): Resolution {
  const { versions, rules, told, remoteChangedAt } = dispute
  const { policy, onDelete } = rules.conflicts
  if (byField(versions, rules.conflicts))
    return mergeFields(dispute, (field) =>
      mergeField(field, versions, rules.conflicts, remoteChangedAt, told),
    )
  const later = isLater(versions.localTimes?.row, remoteChangedAt)
  if (!versions.local || !versions.remote)
    return takeSide(dispute, chooseDeletion(onDelete, policy, versions, later))
  return takeSide(dispute, versions.base ? chooseEdit(policy, later) : chooseRow(policy, later))
}

/** As the app said. */
function carryOut(dispute: Dispute, ruling: Ruling): Resolution {
  const { versions, rules } = dispute
  const { base, local, remote } = versions
  if (ruling === 'local' || ruling === 'remote') {
    const whole = !base || !local || !remote || rules.conflicts.granularity === 'row'
    return whole ? takeSide(dispute, ruling) : mergeFields(dispute, () => ruling)
  }
  if (ruling === 'park') return takeSide(dispute, 'park')
  return stand(
    dispute,
    ruling && withServerFields(withKeyOf(ruling, (local ?? remote)!, rules), remote, rules),
  )
}

/** Whole rows: one side's stands. */
function takeSide(dispute: Dispute, choice: Choice): Resolution {
  const { versions, fields, rules } = dispute
  const { base, local, remote } = versions
  if (choice === 'park') return { row: local, waiting: 'keep', conflict: { fields, decision: 'parked' } }
  if (choice === 'remote' || !local) return stand(dispute, choice === 'remote' ? remote : null, choice)
  // Without a row both come from, what the one here lacks was removed by nobody: the server may have added it.
  const additions = base || rules.conflicts.granularity === 'row' ? null : remote
  return stand(dispute, withServerFields({ ...additions, ...local }, remote, rules), choice)
}

/** Fields only one side changed keep that change; the others are settled one by one. */
function mergeFields(dispute: Dispute, merge: (field: string) => Merged): Resolution {
  const { versions, rebased, fields, rules } = dispute
  const local = versions.local!
  const remote = versions.remote!
  const row: Row = { ...rebased }
  const merged = fields.map((field) => [field, merge(field)] as const)
  for (const [field, made] of merged) {
    if (typeof made === 'object') setField(row, field, made.value)
    else copyField(field, made === 'local' ? local : remote, row)
  }
  const allLocal = merged.every(([, made]) => made === 'local')
  return stand(dispute, withServerFields(row, remote, rules), allLocal ? 'local' : undefined)
}

/** The row that stands, and what is left to tell the server. */
function stand(dispute: Dispute, row: Row | null, decision?: 'local' | 'remote'): Resolution {
  const { versions, rebased, fields, rules } = dispute
  const { local, remote } = versions
  const isRemote = isSame(row, remote, rules.serverFields)
  const isLocal = isSame(row, local, rules.serverFields)
  const conflict = {
    fields,
    decision: decision ?? (isRemote ? 'remote' : isLocal ? 'local' : 'merged'),
  } as const
  if (isRemote) return { row: remote, waiting: 'drop', conflict }
  // On top of a row that is gone, an update would leave as an update of nothing: it becomes a create.
  const asItWaits = remote !== null && sameRow(row, rebased && withServerFields(rebased, remote, rules))
  return asItWaits ? { row: rebased, waiting: 'keep', conflict } : { row, waiting: 'replace', conflict }
}

function sameRow(a: Row | null, b: Row | null): boolean {
  return a === null || b === null ? a === b : sameValue(a, b)
}

/** The fields of the server are its own, whatever else stands (decision 8). */
function withServerFields(row: Row, remote: Row | null, { serverFields }: MergeRules): Row {
  if (!remote) return row
  const copy = { ...row }
  for (const field of serverFields) copyField(field, remote, copy)
  return copy
}

function withKeyOf(row: Row, owner: Row, { keyPath }: MergeRules): Row {
  const key = keyIn(owner, keyPath)
  return key === undefined ? row : withKey(row, keyPath, key as Key)
}
