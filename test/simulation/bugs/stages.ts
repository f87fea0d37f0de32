import type { Patch } from './bug'

/** A browser without locks: two tabs may be elected, and then both lead until one hears of it (I10). */
export const withoutLocks: readonly Patch[] = [
  {
    file: 'src/tabs/leader.ts',
    find: ':drain`, options,',
    replace: ':drain` + tab, options,',
  },
]

/** Pages of a simulation are small: they have several slices all the same. */
export const smallSlices: readonly Patch[] = [
  { file: 'src/pull/apply.ts', find: 'const sliceSize = 1000', replace: 'const sliceSize = 2' },
]
