import { type Resolution, resolve } from '../merge/resolve'
import type { Told } from '../merge/told'
import type { MergeRules, Versions } from '../merge/versions'
import type { StampedChange } from '../model/change'
import { applyChanges } from './coalesce'
import { withTimes } from './local-times'

/** {@link resolve} with the waiting changes laid on top of the server's row first (I6), and the times they were made. */
export function bringTogether(
  rows: Versions,
  waiting: readonly StampedChange[],
  rules: MergeRules,
  told?: Told,
): Resolution {
  const versions = withTimes(rows, waiting)
  const resolution = resolve(versions, applyChanges(versions.remote, waiting), rules, told)
  return versions.localTimes ? { ...resolution, times: versions.localTimes } : resolution
}
