import type { Fence } from '../model/entry'
import type { Term } from '../outbox/term'
import { restamp } from './fence'
import { settle } from './settle'

/** Settles requests that have waited for an answer too long to be sent again under their key (decision 3). */
export async function giveUp(term: Term, fences: readonly Fence[]): Promise<void> {
  const reason = { code: 'unknown-outcome' as const, at: term.env.now() }
  const own = await restamp(term, fences)
  await settle(
    term,
    own.map((fence) => ({
      fence,
      outcomes: fence.items.map(() => ({ kind: 'unknown' as const, reason, spends: false })),
    })),
  )
}
