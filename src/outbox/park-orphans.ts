import type { Row } from '../model/change'
import type { Conflict } from '../model/held'
import type { RecordState } from '../model/record-state'
import { Batch } from '../storage/batch'
import { checkEpoch } from './leader-check'
import type { Term } from './term'

/**
 * Parks the rows whose history was lost and which the server, having told of all its rows, does not list (decision 4).
 * Absence is no deletion: a person decides whether they are made at the server or removed here.
 */
export async function parkOrphans(term: Term, table: string): Promise<void> {
  const { storage, outbox, existing, env, emit } = term
  const keys = existing.orphans(table)
  if (keys.length === 0) return
  const commits: (() => void)[] = []
  const tables = [
    '_sync_log',
    '_sync_progress',
    '_sync_records',
    '_sync_conflicts',
    '_sync_meta',
    '_sync_leader',
  ]
  await storage.write([...tables, table], async (tx) => {
    commits.length = 0
    await checkEpoch(tx, term.epoch)
    await outbox.readTail(tx)
    const batch = new Batch()
    const rows = await tx.getMany<Row>(table, keys)
    for (const [i, key] of keys.entries()) {
      const local = rows[i]
      if (!local) continue
      const id = env.uuid()
      const entries = outbox.of(table, key)?.entries.map(({ ref }) => ref) ?? []
      const conflict: Conflict = {
        id,
        table,
        key,
        code: 'orphan',
        state: 'parked',
        fields: [],
        local,
        remote: null,
        entries,
        at: env.now(),
      }
      const state: RecordState = { table, key, parked: id }
      batch.put('_sync_conflicts', id, conflict)
      batch.put('_sync_records', [table, key], state)
      commits.push(await outbox.hold(tx, entries, 'parked', id))
      commits.push(() => {
        outbox.noteState(state)
        emit('conflict', { id, table, key, fields: [], decision: 'parked' })
      })
    }
    commits.push(await existing.confirm(tx, table, keys))
    await batch.flush(tx)
  })
  for (const commit of commits) commit()
}
