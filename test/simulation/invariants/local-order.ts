import type { Change, Key, StoredLogRecord } from '../../../src/model/change'
import type { Commit, History, StoreChange } from '../history'
import { isAppStore } from './invariant'
import { writesIn } from './values'

/** Where the writes of a device stand in its own order: the number of the commit that first held them. */
export interface LocalOrder {
  /** By write id; absent: it never committed there. */
  readonly writes: ReadonlyMap<string, number>
  readonly deletions: readonly Deletion[]
}

/**
 * A deletion by the app: birth and key of the row that went, with the number of the commit. One that was held behind a
 * dead letter is done once more where that is sent again.
 */
export interface Deletion {
  readonly table: string
  readonly birth: string
  readonly key: Key
  readonly at: number
}

/** Reads the order of a device's own writes off its commits. */
export function localOrder(history: History, device: string): LocalOrder {
  const writes = new Map<string, number>()
  const deletions: Deletion[] = []
  const own = (id: string) => history.writes.get(id)?.device === device
  history.commits.forEach((commit, at) => {
    if (commit.device !== device) return
    deletions.push(...sentAgain(commit).map((deletion) => ({ ...deletion, at })))
    for (const change of commit.changes) {
      if (!isAppStore(change.store)) continue
      for (const id of writesIn(change.after)) if (own(id) && !writes.has(id)) writes.set(id, at)
      if (isDeletion(commit, change))
        deletions.push({ table: change.store, birth: String(change.before!.birth), key: change.key, at })
    }
  })
  return { writes, deletions }
}

/** Deletions that stood behind a dead letter which a call sends again. */
export function sentAgain({ changes }: Commit): Omit<Deletion, 'at'>[] {
  if (!changes.some(({ store, after }) => store === '_sync_letters' && !after)) return []
  return changes.flatMap(({ store, after }) => {
    if (store !== '_sync_log' || !after) return []
    const { table, changes: appended } = after as unknown as StoredLogRecord
    return appended.flatMap(({ kind, key, before }) =>
      kind === 'delete' && before ? [{ table, key, birth: String(before.birth) }] : [],
    )
  })
}

/** True for transactions that the app opened: capture adds no more than the log, and the keys rows are to have. */
export function isByApp({ stores }: Commit): boolean {
  return stores.every((store) => isAppStore(store) || store === '_sync_log' || store === '_sync_aliases')
}

/** The changes a transaction has added to the outbox. */
export function captures(commit: Commit): { readonly table: string; readonly change: Change }[] {
  return commit.changes.filter(isCapture).flatMap(({ after }) => {
    const { table, changes } = after as unknown as StoredLogRecord
    return changes.map((change) => ({ table, change }))
  })
}

/** A new record of the outbox, but none that only takes the place of older ones. */
function isCapture({ store, before, after }: StoreChange): boolean {
  return store === '_sync_log' && before === undefined && after !== undefined && !('replaces' in after)
}

function isDeletion(commit: Commit, change: StoreChange): boolean {
  return change.before !== undefined && change.after === undefined && isByApp(commit)
}
