import type { Invariant } from './invariant'

/** Once `stop()` has resolved nothing of the engine is left in its tab (I12). */
export const hygiene: Invariant = {
  name: 'Q14 nothing is left after stop()',
  judge({ history }, reach) {
    return history.stops.flatMap(({ step, tab, left }) => {
      reach()
      return Object.entries(left)
        .filter(([, count]) => count > 0)
        .map(([what, count]) => `${tab} at step ${step}: ${what} ${count}`)
    })
  },
}
