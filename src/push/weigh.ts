import type { SyncErrorCode } from '../model/error'
import type { Outcome } from '../model/outcome'
import type { Term } from '../outbox/term'

/** Answers that blame one route or record, not the server: others may go on (I2). */
const ownTrouble: ReadonlySet<SyncErrorCode> = new Set<SyncErrorCode>([
  'redirected',
  'bad-answer',
  'answer-too-large',
])

type Open = Extract<Outcome, { kind: 'retry' | 'unknown' }>

/**
 * What the outcomes of one request say of the server as a whole (I9): it is one word, however many changes it carries.
 * A failure while the server fails everybody spends nothing: it is the server's, not the change's. `asked`: as in
 * {@link Origin.answeredWell}.
 */
export function weigh(
  term: Pick<Term, 'origin' | 'authRequired'>,
  outcomes: readonly Outcome[],
  asked: number,
): readonly Outcome[] {
  const { origin } = term
  const open = outcomes.filter(isOpen)
  const [first] = open
  // A server that has judged one change of the request, or has heard it, is well.
  if (!first || open.length < outcomes.length || open.some(isHeard)) {
    origin.answeredWell(asked)
    return outcomes
  }
  const { reason } = first
  if (reason.code === 'stopped') return outcomes // our own doing
  if (reason.code === 'auth-required') {
    term.authRequired(reason)
    return outcomes
  }
  if (open.some(isOwnTrouble)) {
    const spends = origin.failedRequest(reason)
    return open.map((outcome) => (isOwnTrouble(outcome) ? { ...outcome, spends } : outcome))
  }
  origin.failed(reason, first.pause)
  return outcomes
}

function isOpen(outcome: Outcome): outcome is Open {
  return outcome.kind === 'retry' || outcome.kind === 'unknown'
}

function isHeard(outcome: Open): boolean {
  return outcome.kind === 'unknown' && outcome.awaitsPull === true
}

function isOwnTrouble({ spends, reason }: Open): boolean {
  return spends || ownTrouble.has(reason.code)
}
