import type { Alias } from '../model/alias'
import type { Term } from '../outbox/term'

/** ms an alias is kept at least: a page left open that long still finds its rows. */
const keptFor = 30 * 24 * 3600_000

/** Removes old aliases that no waiting change names (decision 5). */
export async function sweepAliases({ storage, outbox, env }: Term): Promise<void> {
  const aliases = await storage.read(['_sync_aliases'], (tx) => tx.scan<Alias>('_sync_aliases'))
  const old = aliases.filter(({ table, key, at }) => at + keptFor < env.now() && !outbox.of(table, key))
  if (old.length === 0) return
  await storage.write(['_sync_aliases'], (tx) =>
    tx.remove(
      '_sync_aliases',
      old.map(({ table, temporary }) => [table, temporary]),
    ),
  )
}
