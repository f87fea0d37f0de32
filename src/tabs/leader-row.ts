import type { LeaderRecord } from '../outbox/leader-check'
import type { Storage } from '../storage/transaction'
import type { LeaderRow } from './heartbeat'

/** The leader's row in `_sync_leader`: epoch and heartbeat, whatever an election says (decision 7). */
export function storedLeaderRow(storage: Storage): LeaderRow {
  const tables = ['_sync_leader']
  return {
    read: () => storage.read(tables, (tx) => tx.get<LeaderRecord>('_sync_leader', 'leader')),
    claim: (tab, now) =>
      storage.write(tables, async (tx) => {
        const epoch = ((await tx.get<LeaderRecord>('_sync_leader', 'leader'))?.epoch ?? 0) + 1
        await tx.put('_sync_leader', [record(epoch, tab, now, false)])
        return epoch
      }),
    beat: (epoch, now, hidden) =>
      storage.write(tables, async (tx) => {
        const leader = await tx.get<LeaderRecord>('_sync_leader', 'leader')
        if (leader?.epoch !== epoch) return false
        await tx.put('_sync_leader', [record(epoch, leader.tab, now, hidden)])
        return true
      }),
  }
}

function record(epoch: number, tab: string, heartbeat: number, hidden: boolean): LeaderRecord {
  return { name: 'leader', epoch, tab, heartbeat, hidden }
}
