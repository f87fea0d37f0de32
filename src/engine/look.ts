import type { Key } from '../model/change'
import { isAway } from '../outbox/origin'
import type { Term } from '../outbox/term'
import type { WaitingRecord } from '../outbox/waiting'
import { applyRead } from '../pull/apply-read'

/**
 * Reads single records at the server before their changes leave, where their table could not be pulled
 * (`push.verify: 'get'`). Answers those that may leave now.
 */
export async function lookAtRecords(term: Term, records: readonly WaitingRecord[]): Promise<Set<string>> {
  const seen = new Set<string>()
  for (const record of records) {
    if (term.over.aborted || term.halted() || term.origin.wait > 0) break
    if (await lookAt(term, record.table, record.key)) seen.add(record.id)
  }
  return seen
}

async function lookAt(term: Term, table: string, key: Key): Promise<boolean> {
  const { protocol, over, origin } = term
  if (!protocol.read || !protocol.canRead(table)) return false
  const asked = origin.setbacks
  const answer = await protocol.read(table, key, { signal: over })
  if (answer.kind === 'failed') {
    if (answer.reason.code === 'auth-required') term.authRequired(answer.reason)
    else if (isAway(answer.reason.code)) origin.failed(answer.reason, answer.pause)
    return false
  }
  if (!term.ours()) return false // whose row it is may not be who is logged in now (I11)
  origin.answeredWell(asked)
  await applyRead(term, { table, key, row: answer.row })
  return true
}
