import type { Term } from './term'

/** Receipts whose lag window is over, and which nothing keeps. */
export function outlived({ outbox, env, settings }: Pick<Term, 'outbox' | 'env' | 'settings'>) {
  const states = [...outbox.states.values()]
  const tables = [...new Set(states.map(({ table }) => table))]
  const making = new Set(tables.filter((table) => outbox.waiting.mayHaveMade(table)))
  return states.filter(
    ({ table, key, settledAt, tombstone }) =>
      settledAt !== undefined &&
      settledAt + settings.lagWindow < env.now() &&
      !outbox.of(table, key) &&
      // What was deleted may be what such a create has made: its answer can come after any time.
      !(tombstone && making.has(table)),
  )
}
