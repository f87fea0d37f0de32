import type { Row } from '../../../src/model/change'
import type { Commit, StoreChange } from '../history'
import { keyText } from '../storage'

/**
 * True where the same transaction says why a row is not what it was: a conflict about it was decided or parked, or a
 * dead letter of it was sent again or given up.
 */
export function isExcused({ changes }: Commit, { store, key, before, after }: StoreChange): boolean {
  const birth = (before ?? after)?.birth
  return changes.some((change) => {
    const { store: where } = change
    if (where !== '_sync_conflicts' && (where !== '_sync_letters' || change.after)) return false
    const one = (change.after ?? change.before)!
    if (one.table !== store) return false
    // Without a key: a mass deletion, which is about many rows.
    if (one.key === undefined || keyText(one.key) === keyText(key)) return true
    return [one.local, one.remote, one.base].some((row) => (row as Row | undefined | null)?.birth === birth)
  })
}
