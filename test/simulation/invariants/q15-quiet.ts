import type { StoreChange } from '../history'
import { keyText } from '../storage'
import { type Invariant, isAppStore } from './invariant'
import { isRewrite } from './values'

/**
 * Where there is nothing new nothing is written, or observers never sleep. Until a table has once been pulled to its
 * end, and where a row lies beyond the checkpoint, it may be written unread and so as it was; from then on it is
 * compared.
 */
export const quiet: Invariant = {
  name: 'Q15 a pull of nothing new writes no row',
  judge({ history }, reach) {
    const idle = history.effects.at(-1)?.step ?? 0
    const times = new Map<string, number>()
    for (const { device, step, changes } of history.commits) {
      if (step <= idle || changes.some(isOfFirstPull) || changes.some(isSettled)) continue
      reach()
      for (const change of changes) {
        if (!isAppStore(change.store) || !isRewrite(change)) continue
        const row = `${device} ${change.store} ${keyText(change.key)}`
        times.set(row, (times.get(row) ?? 0) + 1)
      }
    }
    return [...times]
      .filter(([, count]) => count > 1)
      .map(([row, count]) => `${row} was written ${count} times as it was`)
  },
}

/** The outcome of a request is no pull: what was refused again leaves the row as it was. */
function isSettled({ store, after }: StoreChange): boolean {
  return store === '_sync_fences' && after === undefined
}

/** The page of a pull that has not yet reached its end for the first time. */
function isOfFirstPull({ store, before }: StoreChange): boolean {
  return store === '_sync_checkpoints' && before?.complete !== true
}
