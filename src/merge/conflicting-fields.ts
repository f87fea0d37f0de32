import type { Row } from '../model/change'
import { ruleOf } from '../model/conflict-rules'
import { sameValue } from '../model/equal'
import { differingFields } from './difference'
import { isSame, type MergeRules, type Versions } from './versions'

/**
 * The fields in dispute; none = nobody disagrees (decision 6). Those both sides changed to different values; a row made
 * or removed counts with all its fields, and so do whole rows where they are decided upon as such.
 */
export function conflictingFields({ base, local, remote }: Versions, rules: MergeRules): string[] {
  const { serverFields, conflicts } = rules
  if (!base || !local || !remote) {
    const remoteChanged = base === undefined || !isSame(base, remote, serverFields)
    return remoteChanged ? differingFields(local, remote, serverFields) : []
  }
  const mine = differingFields(base, local, serverFields)
  const theirs = new Set(differingFields(base, remote, serverFields))
  if (conflicts.granularity === 'row')
    return mine.length > 0 && theirs.size > 0 ? differingFields(local, remote, serverFields) : []
  return mine.filter(
    (field) =>
      theirs.has(field) && (countsUp(field, local, rules) || !sameValue(local[field], remote[field])),
  )
}

/** Two who counted to the same number counted twice. */
function countsUp(field: string, local: Row, { conflicts }: MergeRules): boolean {
  return ruleOf(field, conflicts) === 'counter' && typeof local[field] === 'number'
}
