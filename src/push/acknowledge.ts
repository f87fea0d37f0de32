import type { Acknowledged } from '../model/checkpoint'
import { SyncError } from '../model/error'
import type { Outcome } from '../model/outcome'
import type { Term } from '../outbox/term'
import { type Answered, nothingSettled, type Settled } from './job'
import { settle } from './settle'

/** Settles requests of which a page says what became of them (protocols whose pull acknowledges). */
export async function acknowledge(term: Term, acknowledged: readonly Acknowledged[]): Promise<Settled> {
  const answers = acknowledged.flatMap(({ id, outcomes }): Answered[] => {
    const fence = term.outbox.fences.get(id)
    if (!fence) return [] // another device's, or settled already
    const told = outcomes ?? fence.items.map((): Outcome => ({ kind: 'accepted' }))
    if (told.length === fence.items.length) return [{ fence, outcomes: told }]
    term.env.report(
      new SyncError('user-code-failed', { what: 'a page acknowledges with too many or few outcomes' }),
    )
    return []
  })
  return answers.length > 0 ? settle(term, answers) : nothingSettled
}
