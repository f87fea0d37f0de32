import type { Fence, FenceItem } from '../model/entry'
import type { Outcome } from '../model/outcome'
import { type Term, TermOver } from '../outbox/term'
import { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { accept } from './accept'
import { giveUpWaiting } from './give-up-waiting'
import { postpone } from './postpone'
import { refuse } from './refuse'
import { settleConflict } from './settle-conflict'

/** A request and what the server said of each of its items. */
export interface Answered {
  readonly fence: Fence
  readonly outcomes: readonly Outcome[]
}

/** How many changes went which way. */
export interface Settled {
  readonly accepted: number
  readonly refused: number
  readonly conflicts: number
}

/** One item with its outcome, inside the settling transaction. */
export interface Job {
  readonly fence: Fence
  readonly item: FenceItem
  readonly outcome: Outcome
}

/** What a job did, to be carried into memory and told once the transaction has committed. */
export interface Effect {
  readonly count: keyof Settled | null
  /** The fence stays: the same bytes go again. */
  readonly keeps: boolean
  readonly committed: () => void
}

const syncTables = [
  '_sync_log',
  '_sync_progress',
  '_sync_fences',
  '_sync_records',
  '_sync_aliases',
  '_sync_letters',
  '_sync_conflicts',
]

/**
 * Applies the answers of several requests in one transaction that looks again at what was written meanwhile (I4). An
 * answer counts only while its fence still carries the epoch it was sent under, whoever leads now.
 */
export async function settle(term: Term, answers: readonly Answered[]): Promise<Settled> {
  const { storage, outbox } = term
  const tables = answers.flatMap(({ fence }) => fence.items.map(({ table }) => table))
  let effects: Effect[] = []
  let closed: Fence[] = []
  await storage.write([...syncTables, ...new Set(tables)], async (tx) => {
    effects = []
    closed = []
    await outbox.readTail(tx)
    await outbox.sweep(tx)
    const stored = await tx.getMany<Fence>(
      '_sync_fences',
      answers.map(({ fence }) => fence.id),
    )
    const batch = new Batch()
    for (const [i, { fence, outcomes }] of answers.entries()) {
      const current = stored[i]
      if (current?.epoch !== fence.epoch) continue
      const jobs = current.items.map((item, at): Job => ({ fence: current, item, outcome: outcomes[at]! }))
      const made: Effect[] = []
      for (const job of jobs) made.push(await carryOut(tx, batch, term, job))
      effects.push(...made)
      if (made.every(({ keeps }) => keeps)) continue
      batch.remove('_sync_fences', current.id)
      closed.push(current)
    }
    await batch.flush(tx)
  })
  for (const fence of closed) outbox.forgetFence(fence)
  for (const { committed } of effects) committed()
  return tally(effects)
}

async function carryOut(tx: Tx, batch: Batch, term: Term, job: Job): Promise<Effect> {
  const { item, outcome } = job
  switch (outcome.kind) {
    case 'accepted':
      return accept(tx, batch, term, item, outcome)
    case 'conflict':
      return settleConflict(tx, batch, term, job, outcome)
    case 'rejected':
      return refused(tx, batch, term, job, outcome.reason)
    case 'unknown':
      return (await giveUpWaiting(tx, batch, term, job, outcome)) ?? later(tx, batch, term, job, outcome)
    case 'retry':
      return later(tx, batch, term, job, outcome)
  }
}

async function later(
  tx: Tx,
  batch: Batch,
  term: Term,
  job: Job,
  outcome: Extract<Outcome, { kind: 'retry' | 'unknown' }>,
): Promise<Effect> {
  return postpone(batch, term, job.fence, outcome) ?? refused(tx, batch, term, job, outcome.reason)
}

/** A refused change: held for a person, unless it made a row that was deleted here meanwhile (both then vanish). */
export async function refused(
  tx: Tx,
  batch: Batch,
  term: Term,
  { fence, item }: Pick<Job, 'fence' | 'item'>,
  reason: Extract<Outcome, { kind: 'rejected' }>['reason'],
): Promise<Effect> {
  const entries = term.outbox.of(item.table, item.key)?.entries ?? []
  if (item.kind === 'create' && entries.at(-1)?.kind === 'delete')
    return vanish(tx, batch, term, item, reason)
  const { attempts, firstSentAt } = fence
  const letter = { id: fence.items.length === 1 ? fence.id : item.ops.at(-1)!, attempts, firstSentAt }
  const committed = await refuse(tx, batch, term, item, letter, reason)
  return { count: 'refused', keeps: false, committed }
}

async function vanish(
  tx: Tx,
  batch: Batch,
  { outbox, emit }: Term,
  { table, key }: FenceItem,
  reason: Extract<Outcome, { kind: 'rejected' }>['reason'],
): Promise<Effect> {
  const entries = outbox.of(table, key)?.entries.map(({ ref }) => ref) ?? []
  const finished = await outbox.finish(tx, entries)
  batch.remove('_sync_records', [table, key])
  return {
    count: null,
    keeps: false,
    committed: () => {
      finished()
      outbox.forgetState(table, key)
      emit('push-error', { reason, table, key })
    },
  }
}

function tally(effects: readonly Effect[]): Settled {
  const of = (count: keyof Settled) => effects.filter((effect) => effect.count === count).length
  return { accepted: of('accepted'), refused: of('refused'), conflicts: of('conflicts') }
}

/** True for errors that mean: another tab leads by now, which goes on from what is on disk. */
export function isTermOver(error: unknown): boolean {
  return error instanceof TermOver || (error as { inner?: unknown } | null)?.inner instanceof TermOver
}
