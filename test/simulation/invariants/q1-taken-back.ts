import type { StoredLogRecord } from '../../../src/model/change'
import type { EntryRef } from '../../../src/model/entry'
import type { History, UserWrite } from '../history'

/** A person has taken the deletion back when they were asked whether so many rows are meant (decision 12). */
export function isTakenBack(write: UserWrite, { commits }: History): boolean {
  const asked = new Set<string>()
  const log = new Map<number, StoredLogRecord>()
  for (const { device, changes } of commits) {
    if (device !== write.device) continue
    for (const { store, after } of changes)
      if (store === '_sync_log' && after) log.set(Number(after.seq), after as unknown as StoredLogRecord)
    for (const { store, key, after } of changes) {
      if (store !== '_sync_conflicts') continue
      if (after?.code === 'mass-delete' && after.state === 'parked') {
        const births = (after.entries as readonly EntryRef[]).map(
          ([seq, index]) => log.get(seq)?.changes[index]?.before?.birth,
        )
        if (after.table === write.table && births.includes(write.birth)) asked.add(String(key))
      } else if (asked.has(String(key))) return true
    }
  }
  return false
}
