import type { Fence } from '../model/entry'
import type { Outcome } from '../model/outcome'
import type { Term } from '../outbox/term'
import { Batch } from '../storage/batch'
import type { Tx } from '../storage/transaction'
import { accept } from './accept'
import { dropDiscarded, stateIfDiscarded } from './drop-discarded'
import { giveUpWaiting } from './give-up-waiting'
import type { Answered, Effect, Job, Settled } from './job'
import { postpone } from './postpone'
import { refused } from './refused'
import { settleConflict } from './settle-conflict'
import { takeIncoming } from './take-incoming'

const syncTables = [
  '_sync_log',
  '_sync_progress',
  '_sync_fences',
  '_sync_records',
  '_sync_aliases',
  '_sync_letters',
  '_sync_conflicts',
  '_sync_meta',
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
  let finished = () => {}
  await storage.write([...syncTables, ...new Set(tables)], async (tx) => {
    effects = []
    closed = []
    await outbox.readTail(tx)
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
      const act = howToSettle(term, jobs)
      for (const job of jobs) made.push(await act(tx, batch, term, job))
      effects.push(...made)
      if (made.every(({ keeps }) => keeps)) continue
      batch.remove('_sync_fences', current.id)
      closed.push(current)
    }
    // Together: every request to IndexedDB that waits for another one costs a turn of the whole browser.
    const [done] = await Promise.all([
      outbox.finish(
        tx,
        effects.flatMap(({ done = [] }) => done),
      ),
      batch.flush(tx),
    ])
    finished = done
  })
  finished()
  for (const { committed } of effects) committed()
  // Last: an item that was put off has noted the fence again, although it went with the outcomes of the others.
  for (const fence of closed) outbox.forgetFence(fence)
  return tally(effects)
}

type Act = (tx: Tx, batch: Batch, term: Term, job: Job) => Promise<Effect>

/** A request is settled as a whole: its fence stays only while nothing at all is known of it. */
function howToSettle(term: Term, jobs: readonly Job[]): Act {
  if (isRefusedWhole(term, jobs)) return goAlone
  const judged = jobs.some(({ outcome }) => outcome.kind !== 'retry' && outcome.kind !== 'unknown')
  return judged ? carryOutAmongOthers : carryOut
}

/** A batch that is taken as a whole, refused without a word on who is at fault: nobody was spared. */
function isRefusedWhole({ protocol, settings }: Term, jobs: readonly Job[]): boolean {
  if (protocol.batch.mode !== 'all-or-nothing' || jobs.length === 1) return false
  return jobs.every(
    ({ outcome, fence }) =>
      outcome.kind === 'rejected' ||
      (outcome.kind === 'retry' && outcome.spends && fence.attempts >= settings.maxRetries),
  )
}

/** Each change leaves by itself, so that the one at fault is refused and the others arrive (I2). */
const goAlone: Act = async (tx, batch, term, { item }) => {
  const taken = await takeIncoming(tx, batch, term, item)
  return {
    count: null,
    keeps: false,
    committed: () => {
      taken()
      term.outbox.waiting.setApart(item.entries)
    },
  }
}

/** What was not applied for the sake of another change of its batch goes again in another request. */
const carryOutAmongOthers: Act = async (tx, batch, term, job) =>
  job.outcome.kind === 'retry'
    ? { count: null, keeps: false, committed: await takeIncoming(tx, batch, term, job.item) }
    : carryOut(tx, batch, term, job)

async function carryOut(tx: Tx, batch: Batch, term: Term, job: Job): Promise<Effect> {
  const { item, outcome } = job
  switch (outcome.kind) {
    case 'accepted':
      return accept(tx, batch, term, item, outcome)
    case 'conflict':
      return settleConflict(tx, batch, term, job, outcome)
    case 'rejected':
      return refused(tx, batch, term, job, outcome.reason, outcome.inDoubt)
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
  const given = await stateIfDiscarded(tx, term, job.item)
  if (given && outcome.kind === 'retry' && !job.fence.resent)
    return { count: null, keeps: false, committed: await dropDiscarded(tx, batch, term, given) }
  if (outcome.kind === 'retry' && outcome.release && !job.fence.resent)
    return { count: null, keeps: false, committed: await takeIncoming(tx, batch, term, job.item) }
  // It left before, and the server may have taken it: that it could not leave now counts against nobody.
  if (outcome.kind === 'retry' && outcome.release) {
    const pause = Math.max(outcome.pause ?? 0, term.settings.retryDelay(0))
    return postpone(batch, term, job, { ...outcome, spends: false, pause })!
  }
  const fence = { ...job.fence, attempts: job.fence.attempts + 1 }
  return (
    postpone(batch, term, job, outcome) ?? refused(tx, batch, term, { ...job, fence }, outcome.reason, true)
  )
}

function tally(effects: readonly Effect[]): Settled {
  const of = (count: keyof Settled) => effects.filter((effect) => effect.count === count).length
  return {
    accepted: of('accepted'),
    refused: of('refused'),
    conflicts: of('conflicts'),
    heard: of('heard'),
  }
}
