import type { Commit, SentRequest, StoreChange } from '../history'
import type { Evidence } from './invariant'
import type { Sighting } from './q9-sightings'
import { versionOf } from './server-versions'

/** ms for which the answer to a deletion speaks against lists that lag (`lagWindow`). */
const spokenFor = 600_000

/**
 * Whether a row that is not on a device may not come back, though replicas lag: the app has deleted it here, the server has
 * said yes not long ago, and this is no newer one than was deleted (I8). The receipt tells its age by the clock of the device.
 */
export function toldGone({ history, unordered }: Evidence, device: string) {
  const confirmed = new Map<string, SentRequest>()
  for (const request of history.requests)
    if (request.device === device && request.method === 'DELETE' && wasDone(request))
      confirmed.set(request.path, request)
  const clocks = history.clocks.filter((moment) => moment.device === device)

  return ({ step, at }: Commit, { store, key, before, after }: StoreChange, seen: Sighting): boolean => {
    const told = confirmed.get(`/api/${store}/${encodeURIComponent(String(key))}`)
    if (before || !after || !told || !seen.deleted || unordered.has(store)) return false
    const isKept = told.endedAt! < step && at - told.endedTime! < spokenFor
    const isSet = clocks.some((moment) => moment.step > told.endedAt! && moment.step < step)
    const version = versionOf(after)
    const isOld = version !== undefined && seen.version !== undefined && version <= seen.version
    return isKept && isOld && !isSet
  }
}

/** The server itself said so, and the device has heard it. */
function wasDone({ answered, ended }: SentRequest): boolean {
  return answered === 204 && ended === '204'
}
