import type { SyncErrorCode } from '../model/error'
import type { Outcome } from '../model/outcome'
import type { Term } from '../outbox/term'

/** Answers that blame one route or record, not the server: others may go on (I2). */
const ownTrouble: ReadonlySet<SyncErrorCode> = new Set<SyncErrorCode>([
  'redirected',
  'bad-answer',
  'answer-too-large',
])

/**
 * What an outcome says of the server as a whole (I9). A failure while the server fails everybody spends nothing: it is
 * the server's, not the change's.
 */
export function weigh(term: Pick<Term, 'origin' | 'authRequired'>, outcome: Outcome): Outcome {
  const { origin } = term
  if (outcome.kind !== 'retry' && outcome.kind !== 'unknown') {
    origin.answeredWell()
    return outcome
  }
  if (outcome.kind === 'unknown' && outcome.awaitsPull) {
    origin.answeredWell()
    return outcome
  }
  if (outcome.reason.code === 'stopped') return outcome // our own doing
  if (outcome.reason.code === 'auth-required') {
    term.authRequired(outcome.reason)
    return outcome
  }
  if (outcome.spends || ownTrouble.has(outcome.reason.code))
    return { ...outcome, spends: origin.failedRequest(outcome.reason) }
  origin.failed(outcome.reason, outcome.pause)
  return outcome
}
