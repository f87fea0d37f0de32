import type { Fence } from '../model/entry'
import type { Term } from '../outbox/term'
import type { Answered } from './job'
import { settle } from './settle'

/** Settles requests that a page says the server has applied (protocols whose pull acknowledges). */
export async function acknowledge(term: Term, ids: readonly string[]): Promise<void> {
  const known = ids
    .map((id) => term.outbox.fences.get(id))
    .filter((fence): fence is Fence => fence !== undefined)
  const answers = known.map(
    (fence): Answered => ({ fence, outcomes: fence.items.map(() => ({ kind: 'accepted' })) }),
  )
  if (answers.length > 0) await settle(term, answers)
}
