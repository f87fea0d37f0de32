import { type MergeRules, type Resolution, resolve, type Versions } from '../merge/resolve'
import type { Change } from '../model/change'
import { applyChanges } from './coalesce'

/** {@link resolve} with the waiting changes laid on top of the server's row first (I6). */
export function bringTogether(versions: Versions, waiting: readonly Change[], rules: MergeRules): Resolution {
  return resolve(versions, applyChanges(versions.remote, waiting), rules)
}
