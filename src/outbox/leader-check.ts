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
  const leader = await tx.get<LeaderRecord>('_sync_leader', 'leader')
  if (leader?.epoch !== epoch) throw new TermOver()
}
