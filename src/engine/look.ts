import type { Key } from '../model/change'
import { readAtServer } from '../outbox/read-at-server'
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
  const answer = await readAtServer(term, table, key)
  // Whose row it is may not be who is logged in now (I11).
  if (answer?.kind !== 'row' || !term.ours()) return false
  await applyRead(term, { table, key, row: answer.row })
  return true
}
