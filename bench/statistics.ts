/** The middle one; of an even number the mean of the two in the middle. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)]!
  return (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** One measured run of one side of a workload. */
export interface Sample {
  /** ms between begin and end, as the page sees it. */
  readonly wall: number
  /** Seconds of CPU of all processes of the browser. */
  readonly cpu: number
}

/** The two sides of a workload, by round. */
export interface Samples {
  readonly base: readonly Sample[]
  readonly ours: readonly Sample[]
}

export interface Comparison {
  /** Ratio of the medians, ours to the base's. */
  readonly wall: number
  readonly cpu: number
  /** Smallest and largest wall ratio of a single round: how far the machine swings. */
  readonly spread: readonly [least: number, most: number]
  readonly medians: { readonly base: Sample; readonly ours: Sample }
}

/** Compares the two sides: ratios of medians, never times. */
export function compare({ base, ours }: Samples): Comparison {
  const medians = { base: middle(base), ours: middle(ours) }
  const rounds = ours.map(({ wall }, i) => wall / base[i]!.wall)
  return {
    wall: medians.ours.wall / medians.base.wall,
    cpu: medians.ours.cpu / medians.base.cpu,
    spread: [Math.min(...rounds), Math.max(...rounds)],
    medians,
  }
}

function middle(samples: readonly Sample[]): Sample {
  return { wall: median(samples.map(({ wall }) => wall)), cpu: median(samples.map(({ cpu }) => cpu)) }
}
