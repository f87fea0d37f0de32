import type { FenceItem } from '../model/entry'
import type { Outcome } from '../model/outcome'
import type { Term } from '../outbox/term'

/**
 * A conflict of which the server did not tell its row: the row is read, so that a policy can decide, or an earlier try
 * of ours be recognised (FAULTS A1, A7). Where it cannot be read now, the same request goes again later. A temporary key
 * is known to nobody but us: asked for it, the server would say there is no such record, whatever it had made.
 */
export async function askRemote(term: Term, item: FenceItem, outcome: Outcome): Promise<Outcome> {
  const { protocol, tables, over } = term
  if (outcome.kind !== 'conflict' || outcome.remote !== undefined) return outcome
  if (item.kind === 'create' && tables.get(item.table)!.keys === 'server') return outcome
  if (!protocol.read || !protocol.canRead(item.table)) return outcome
  const answer = await protocol.read(item.table, item.key, { signal: over })
  if (answer.kind === 'row') return { ...outcome, remote: answer.row }
  return { kind: 'unknown', reason: answer.reason, spends: answer.reason.code !== 'stopped' }
}
