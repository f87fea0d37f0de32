import { rebase } from '../merge/rebase'
import { type Resolution, resolve } from '../merge/resolve'
import type { Told } from '../merge/told'
import type { MergeRules, Versions } from '../merge/versions'
import type { StampedChange } from '../model/change'
import { sameValue } from '../model/equal'
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
  const replayed = applyChanges(versions.remote, waiting)
  const made = resolve(versions, rebase(versions, replayed, rules.serverFields), rules, told)
  // One by one they would also say what was taken back since, over what others have made of it.
  const stands = made.waiting !== 'keep' || made.row === versions.local || sameValue(made.row, replayed)
  const resolution: Resolution = stands ? made : { ...made, waiting: 'replace' }
  return versions.localTimes ? { ...resolution, times: versions.localTimes } : resolution
}
