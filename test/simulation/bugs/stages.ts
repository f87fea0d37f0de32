import type { Patch } from './bug'

/** Pages of a simulation are small: they have several slices all the same. */
export const smallSlices: readonly Patch[] = [
  { file: 'src/pull/apply.ts', find: 'const sliceSize = 1000', replace: 'const sliceSize = 2' },
]
