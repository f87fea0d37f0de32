import type { Tx } from '../storage/transaction'
import { TermOver } from './term-over'

/** The row that says who leads: the truth beneath the election (decision 7). */
export interface LeaderRecord {
  readonly name: 'leader'
  readonly epoch: number
  readonly tab: string
  /** ms, wall clock. */
  readonly heartbeat: number
  readonly hidden: boolean
}

/** Lets a transaction go on only while `epoch` is the current one. */
export async function checkEpoch(tx: Tx, epoch: number): Promise<void> {
  if (!(await isCurrent(tx, epoch))) throw new TermOver()
}

/** Whether nobody has claimed a later term; `_sync_leader` must be in the scope of `tx`. */
export async function isCurrent(tx: Tx, epoch: number): Promise<boolean> {
  return (await tx.get<LeaderRecord>('_sync_leader', 'leader'))?.epoch === epoch
}

/** Ends the term of whoever leads: every transaction of theirs checks the epoch. Answers the one from which nobody leads. */
export async function vacate(tx: Tx): Promise<number> {
  const leader = await tx.get<LeaderRecord>('_sync_leader', 'leader')
  const epoch = (leader?.epoch ?? 0) + 1
  const vacant: LeaderRecord = { name: 'leader', epoch, tab: '', heartbeat: 0, hidden: false }
  await tx.put('_sync_leader', [vacant])
  return epoch
}
