import { parked } from '../merge/parked'
import type { Resolution } from '../merge/resolve'
import type { Told } from '../merge/told'
import type { Versions } from '../merge/versions'
import type { Key, StampedChange } from '../model/change'
import { sameValue } from '../model/equal'
import { askApp } from './ask-app'
import { bringTogether } from './bring-together'
import type { Ledger } from './ledger'
import { withTimes } from './local-times'
import { tries } from './undecided'

/** Settles a conflict inside a call's transaction. Where the answer `asks`, the call writes nothing and says so. */
export type Decide = (versions: Versions, changes: readonly StampedChange[]) => Resolution

/**
 * Carries out a call on data that may need a word of the app, in whichever tab it is made. `attempt` is one transaction,
 * and answers the rows where it came upon a conflict the app must decide: the app is asked outside of it, and it begins
 * anew. What moves whenever the app is asked is parked (I13).
 */
export async function decideInCall(
  { env, tables }: Pick<Ledger, 'env' | 'tables'>,
  place: { readonly table: string; readonly key: Key },
  attempt: (decide: Decide) => Promise<Versions | undefined>,
): Promise<void> {
  const rules = tables.get(place.table)!
  let seen: Versions | undefined
  let waiting: readonly StampedChange[] = []
  let told: Told | undefined
  for (let asked = 0; ; asked += 1) {
    seen = await attempt((versions, changes) => {
      waiting = changes
      const isSame = seen !== undefined && sameValue(versions, seen)
      const resolution = bringTogether(versions, changes, rules, isSame ? told : undefined)
      return resolution.asks && asked === tries ? parked(versions, rules) : resolution
    })
    if (!seen) return
    told = await askApp({ ...place, versions: withTimes(seen, waiting), rules, env })
  }
}
