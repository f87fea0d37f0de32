import { type Resolution, resolve } from '../merge/resolve'
import type { Told } from '../merge/told'
import type { MergeRules, Versions } from '../merge/versions'
import type { Change } from '../model/change'
import { applyChanges } from './coalesce'

/** {@link resolve} with the waiting changes laid on top of the server's row first (I6). */
export function bringTogether(
  versions: Versions,
  waiting: readonly Change[],
  rules: MergeRules,
  told?: Told,
): Resolution {
  return resolve(versions, applyChanges(versions.remote, waiting), rules, told)
}
