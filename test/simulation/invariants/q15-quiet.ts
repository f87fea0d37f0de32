import { type Invariant, isAppStore } from './invariant'
import { isRewrite } from './values'

/** Where there is nothing new nothing is written: a row that is asked for again is compared, and observers sleep on. */
export const quiet: Invariant = {
  name: 'Q15 a pull of nothing new writes no row',
  judge({ history }) {
    const idle = history.effects.at(-1)?.step ?? 0
    return history.commits
      .filter(({ step }) => step > idle)
      .flatMap(({ tab, step, changes }) =>
        changes
          .filter((change) => isAppStore(change.store) && isRewrite(change))
          .map(({ store, key }) => `${tab} wrote ${store} ${String(key)} again at step ${step}, as it was`),
      )
  },
}
