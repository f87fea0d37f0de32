import type { Environment } from '../environment'
import { withKey } from '../keys/key-in-row'
import { isTemporary, temporaryKey } from '../keys/temporary'
import type { Change, Key, Row } from '../model/change'
import type { SyncedTable } from '../model/table'
import type { Batch } from '../storage/batch'

/**
 * Makes a row again that the server does not have (any more). Where the server makes the keys it starts anew under a
 * temporary one: the old key is gone there, or somebody else's by now.
 */
export function startAnew(
  batch: Batch,
  env: Pick<Environment, 'random' | 'uuid'>,
  { name, keys, keyPath }: Pick<SyncedTable, 'name' | 'keys' | 'keyPath'>,
  key: Key,
  row: Row,
): Change & { readonly kind: 'create' } {
  if (keys === 'client' || isTemporary(key)) {
    batch.put(name, key, row)
    return { kind: 'create', key, row }
  }
  const fresh = temporaryKey(typeof key === 'number' ? 'number' : 'text', env)
  const renamed = withKey(row, keyPath, fresh)
  batch.remove(name, key)
  batch.put(name, fresh, renamed)
  return { kind: 'create', key: fresh, row: renamed }
}
