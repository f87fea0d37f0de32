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
