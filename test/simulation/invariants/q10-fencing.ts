import type { Invariant } from './invariant'
import { staleCommits } from './q10-epochs'
import { overlaps } from './q10-overlaps'

/**
 * One request at a time for a record of a device, a change of leader apart. Nothing is written by a tab that leads no
 * longer, but what comes of requests that are still its own.
 */
export const fencing: Invariant = {
  name: 'Q10 one request per record, and nothing written by a leader of old',
  judge({ history, stores }, reach) {
    const stale = [...stores.devices.keys()].flatMap((device) => staleCommits(history, device, reach))
    return [...overlaps(history, reach), ...stale]
  },
}
