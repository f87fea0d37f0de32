import type { Change, Key } from '../../../src/model/change'
import type { Commit } from '../history'
import { keyText } from '../storage'
import type { Invariant } from './invariant'
import { captures, localOrder } from './local-order'
import { writesIn } from './values'

/** What came from the server is never captured as a change of the app: every entry is a write made on this device. */
export const noEcho: Invariant = {
  name: 'Q7 nothing but the app’s writes enters the outbox',
  judge({ history, stores }, reach) {
    const broken: string[] = []
    for (const device of stores.devices.keys()) {
      const { writes } = localOrder(history, device)
      const deleted = new Set(
        [...history.writes.values()]
          .filter((write) => write.device === device && write.kind === 'delete')
          .map(({ table, birth }) => `${table} ${birth}`),
      )
      for (const commit of history.commits) {
        if (commit.device !== device) continue
        for (const { table, change } of captures(commit)) {
          reach()
          const isOwn =
            change.kind === 'delete'
              ? deleted.has(`${table} ${String(change.before?.birth)}`) ||
                isDecided(commit, table, change.key)
              : isVote(change) || writesIn({ ...change.row, ...change.set }).some((id) => writes.has(id))
          if (isOwn) continue
          broken.push(
            `${commit.tab} at step ${commit.step}: a ${change.kind} of ${table} was captured that no app made`,
          )
        }
      }
    }
    return broken
  },
}

/** A counter tells not whose it is; nobody but the app adds to it alone. */
function isVote({ kind, set, unset = [] }: Change): boolean {
  return kind === 'update' && unset.length === 0 && Object.keys(set ?? {}).join() === 'votes'
}

/** Somebody has decided for the server's row, which is none, over one that was decided for before and has not left yet. */
function isDecided({ changes }: Commit, table: string, key: Key): boolean {
  return changes.some(
    ({ store, after }) =>
      store === '_sync_conflicts' &&
      after?.state === 'decided' &&
      after.decision === 'remote' &&
      after.table === table &&
      keyText(after.key) === keyText(key),
  )
}
