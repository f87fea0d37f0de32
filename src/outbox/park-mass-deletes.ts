import type { Conflict } from '../model/held'
import { Batch } from '../storage/batch'
import { checkEpoch } from './leader-check'
import { isMassDelete, type Suspect } from './mass-deletes'
import type { Term } from './term'

/**
 * Asks before most rows of a table are deleted at the server (decision 12): logout code and import tools do that. The
 * deletions are parked as one conflict. Runs before anything leaves.
 */
export async function parkMassDeletes(term: Term): Promise<void> {
  const { outbox, settings } = term
  do {
    const suspects = outbox.massDeletes.takeSuspects()
    for (const suspect of suspects) {
      if (settings.maxDeleteRatio < 1)
        await judge(term, suspect).catch((error: unknown) => {
          outbox.massDeletes.putBack(suspects.slice(suspects.indexOf(suspect))) // nothing leaves unasked
          throw error
        })
      outbox.massDeletes.judged([suspect])
    }
  } while (outbox.massDeletes.any)
}

async function judge({ storage, outbox, env, settings, emit, epoch }: Term, suspect: Suspect): Promise<void> {
  const { table } = suspect
  let parked = () => {}
  await storage.write(
    ['_sync_log', '_sync_progress', '_sync_conflicts', '_sync_leader', table],
    async (tx) => {
      await checkEpoch(tx, epoch)
      await outbox.readTail(tx)
      // What was sent before a restart was judged then; what is held or done is somebody's decision already.
      const entries = suspect.deletes.filter((ref) => outbox.waiting.isFree(ref))
      if (entries.length === 0 || !isMassDelete(suspect, await tx.count(table), settings.maxDeleteRatio))
        return
      const id = env.uuid()
      const conflict: Conflict = {
        id,
        table,
        code: 'mass-delete',
        state: 'parked',
        fields: [],
        entries,
        at: env.now(),
      }
      const batch = new Batch()
      batch.put('_sync_conflicts', id, conflict)
      const held = await outbox.hold(tx, entries, 'parked', id)
      await batch.flush(tx)
      parked = () => {
        held()
        emit('conflict', { id, table, fields: [], decision: 'parked' })
      }
    },
  )
  parked()
}
