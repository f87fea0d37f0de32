import type { Fence } from '../model/entry'
import type { Outcome } from '../model/outcome'
import type { Term } from '../outbox/term'
import type { Batch } from '../storage/batch'
import { withJitter } from './backoff'
import type { Effect, Job } from './job'

type NotYet = Extract<Outcome, { kind: 'retry' | 'unknown' }>

/**
 * Puts a request off: the same bytes go again later. Null when its attempts are spent, and it is to be refused.
 * What provably never left, or will be acknowledged by a pull, waits without counting anything.
 */
export function postpone(
  batch: Batch,
  term: Term,
  { fence, item }: Pick<Job, 'fence' | 'item'>,
  outcome: NotYet,
): Effect | null {
  const { settings, env, outbox, emit } = term
  const attempts = fence.attempts + (outcome.spends ? 1 : 0)
  if (outcome.spends && attempts > settings.maxRetries) return null
  const delay = outcome.spends ? withJitter(settings.retryDelay(fence.attempts), env.random()) : 0
  // What a pull will acknowledge is only sent again when none did for as long as an answer may take.
  const heard = outcome.kind === 'unknown' && outcome.awaitsPull === true
  const patience = heard ? settings.requestTimeout : 0
  const dueAt = env.now() + Math.max(delay, patience, outcome.pause ?? 0)
  const later: Fence = { ...fence, attempts, dueAt, reason: outcome.reason }
  batch.put('_sync_fences', fence.id, later)
  return {
    count: heard ? 'heard' : null,
    keeps: true,
    committed: () => {
      outbox.noteFence(later)
      if (outcome.spends) emit('push-error', { reason: outcome.reason, table: item.table, key: item.key })
      if (
        item.kind === 'create' &&
        outcome.kind === 'unknown' &&
        !heard &&
        term.tables.get(item.table)?.keys === 'server'
      )
        emit('unconfirmed-create', { table: item.table, key: item.key })
    },
  }
}
