import type { StoredLogRecord } from '../../../src/model/change'
import type { Invariant } from './invariant'
import { localOrder } from './local-order'
import { writesIn } from './values'

/** What came from the server is never captured as a change of the app: every entry is a write made on this device. */
export const noEcho: Invariant = {
  name: 'Q7 nothing but the app’s writes enters the outbox',
  judge({ history, stores }) {
    const broken: string[] = []
    for (const device of stores.devices.keys()) {
      const deleted = new Set(
        [...history.writes.values()]
          .filter((write) => write.device === device && write.kind === 'delete')
          .map(({ table, birth }) => `${table} ${birth}`),
      )
      const order = localOrder(history, device)
      for (const { device: there, changes, step } of history.commits) {
        if (there !== device) continue
        for (const { store, before, after } of changes) {
          if (store !== '_sync_log' || before || !after) continue
          const record = after as unknown as StoredLogRecord
          for (const change of record.changes) {
            const own = writesIn({ ...change.row, ...change.set }).some((id) => order.writes.has(id))
            const birth = String(change.before?.birth)
            if (change.kind === 'delete' ? deleted.has(`${record.table} ${birth}`) : own) continue
            broken.push(
              `${device}: at step ${step} a ${change.kind} of ${record.table} was captured that no app made`,
            )
          }
        }
      }
    }
    return broken
  },
}
