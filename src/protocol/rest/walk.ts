/** Memory of a run of pages, small whatever its length. */
export interface Walk {
  /** A place the run has passed. */
  readonly anchor: string
  /** Steps since the anchor was set, and how many there may be before it is set anew. */
  readonly steps: number
  readonly reach: number
  /** Empty pages in a row. */
  readonly empty: number
}

/** Empty pages in a row that are followed up at once; some backends filter after they have cut the page. */
export const emptyPages = 10

/**
 * One step of a run, from the place asked to the one answered; `stuck` when the run goes in a circle (B11) or through
 * too many empty pages (B12).
 *
 * The circle is found with one remembered place that is moved on at distances of 1, 2, 4, 8 … steps (Brent): sooner or
 * later it lies in the circle, and the distance is longer than the way round.
 */
export function stepWalk(
  walk: Walk | undefined,
  step: { readonly from: string; readonly to: string; readonly empty: boolean },
): Walk | 'stuck' {
  const before = walk ?? { anchor: step.from, steps: 0, reach: 1, empty: 0 }
  if (step.to === step.from || step.to === before.anchor) return 'stuck'
  const empty = step.empty ? before.empty + 1 : 0
  if (empty > emptyPages) return 'stuck'
  const steps = before.steps + 1
  if (steps < before.reach) return { ...before, steps, empty }
  return { anchor: step.to, steps: 0, reach: before.reach * 2, empty }
}
