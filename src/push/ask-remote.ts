import type { FenceItem } from '../model/entry'
import type { Outcome } from '../model/outcome'
import { isAway } from '../outbox/origin'
import { readAtServer } from '../outbox/read-at-server'
import type { Term } from '../outbox/term'

/**
 * A conflict of which the server did not tell its row: the row is read, so that a policy can decide, or an earlier try
 * of ours be recognised (FAULTS A1, A7). Where it cannot be read now, the same request goes again later. A temporary key
 * is known to nobody but us: asked for it, the server would say there is no such record, whatever it had made.
 */
export async function askRemote(term: Term, item: FenceItem, outcome: Outcome): Promise<Outcome> {
  const { protocol, tables, over, origin } = term
  if (outcome.kind !== 'conflict' || outcome.remote !== undefined) return outcome
  if (item.kind === 'create' && tables.get(item.table)!.keys === 'server') return outcome
  if (!protocol.canRead(item.table)) return outcome
  // Another answer may have asked for a pause meanwhile.
  if (over.aborted || term.halted() || origin.wait > 0)
    return { kind: 'unknown', reason: term.trouble() ?? outcome.reason, spends: false }
  const answer = await readAtServer(term, item.table, item.key)
  if (!answer) return outcome
  if (answer.kind === 'row') return { ...outcome, remote: answer.row }
  const { reason } = answer
  const { code } = reason
  return { kind: 'unknown', reason, spends: !isAway(code) && code !== 'auth-required' && code !== 'stopped' }
}
