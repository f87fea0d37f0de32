import type { Tx } from '../storage/transaction'
import type { OriginMemory } from './origin'

/** Until when the server is left alone, whatever is asked of it, ms; `_sync_meta` must be in the scope of `tx`. */
export async function serverUntil(tx: Tx, now: number): Promise<number> {
  const memory = await tx.get<OriginMemory>('_sync_meta', 'origin')
  if (!memory || now < memory.since) return 0
  return Math.max(memory.pausedUntil, memory.askedUntil)
}
