import type { Key } from '../model/change'
import type { PullAnswer, ReadAnswer } from '../protocol/protocol'
import { isAway } from './origin'
import type { Term } from './term'

/** What a question that brought nothing says of the server as a whole: it may ask for a pause, whatever was asked. */
export function heed(
  { origin, authRequired }: Pick<Term, 'origin' | 'authRequired'>,
  { reason, pause }: Extract<PullAnswer, { kind: 'failed' }>,
): void {
  if (reason.code === 'auth-required') authRequired(reason)
  else if (isAway(reason.code)) origin.failed(reason, pause)
}

/** Reads one record, and heeds what the answer says of the server; undefined where that cannot be had of its table. */
export async function readAtServer(term: Term, table: string, key: Key): Promise<ReadAnswer | undefined> {
  const { protocol, over, origin } = term
  if (!protocol.read || !protocol.canRead(table)) return undefined
  const asked = origin.setbacks
  const answer = await protocol.read(table, key, { signal: over })
  if (answer.kind === 'failed') heed(term, answer)
  else if (term.ours()) origin.answeredWell(asked)
  return answer
}
