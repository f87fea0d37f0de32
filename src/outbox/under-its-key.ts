import { withKey } from '../keys/key-in-row'
import type { Change, Key } from '../model/change'
import { sameValue } from '../model/equal'
import type { KeyPath } from '../model/table'

/**
 * The change of a record that has the key `key` by now. One that was made before the server told that key knows the row
 * by its temporary one: what is rebuilt from it would be a second row.
 */
export function underItsKey<C extends Change>(change: C, keyPath: KeyPath, key: Key): C {
  if (!change.before || sameValue(change.key, key)) return change
  return { ...change, before: withKey(change.before, keyPath, key) }
}
