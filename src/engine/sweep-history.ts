import type { Conflict } from '../model/held'
import type { Term } from '../outbox/term'

/** Decided conflicts and set-aside rows are kept for somebody to look at, not for ever (FAULTS J5). */
const keptFor = 30 * 24 * 3600_000
const keptAtMost = 1000

/** Removes decided conflicts that are old, and the oldest of too many rows that were set aside. */
export async function sweepHistory({ storage, env }: Term): Promise<void> {
  await storage.write(['_sync_conflicts', '_sync_quarantine'], async (tx) => {
    const conflicts = await tx.scan<Conflict>('_sync_conflicts')
    const decided = conflicts.filter(({ state }) => state === 'decided').sort((a, b) => b.at - a.at)
    const old = decided.filter(({ at }, i) => at + keptFor < env.now() || i >= keptAtMost)
    await tx.remove(
      '_sync_conflicts',
      old.map(({ id }) => id),
    )
    const setAside = await tx.keys('_sync_quarantine')
    await tx.remove('_sync_quarantine', setAside.slice(0, -keptAtMost))
  })
}
