import { runSeed } from '../run'
import type { StartEngine } from '../world'
import type { Bug, Seeds } from './bug'

/** What became of a bug in the simulation. */
export interface Trial {
  readonly name: string
  /** The seed that noticed it; undefined: none of those that were run. */
  readonly seed: number | undefined
  /** How many seeds that took. */
  readonly seeds: number
  /** What the invariants said of it. */
  readonly noticed: readonly string[]
  /** What they said of the real code on the same seeds. */
  readonly falsely: readonly string[]
}

/** The library with a bug in, and without. */
export interface Pair {
  readonly broken: StartEngine
  readonly real: StartEngine
}

/** Runs seeds with the bug in until the invariant it is for speaks; then the same seeds without it. */
export async function tryBug(bug: Bug, { broken, real }: Pair, { from, within }: Seeds): Promise<Trial> {
  const adjust = bug.needs ? { adjust: bug.needs } : {}
  let noticed: string[] = []
  let seeds = 0
  while (noticed.length === 0 && seeds < within) {
    // An engine that is broken may break the run itself: that is no word of an invariant.
    const failures = await runSeed(from + seeds, { startEngine: broken, ...adjust }).then(
      (report) => report.failures,
      () => [],
    )
    noticed = failures.filter((failure) => failure.startsWith(`${bug.noticedBy} `))
    seeds += 1
  }
  const falsely: string[] = []
  for (let seed = from; seed < from + seeds; seed++)
    falsely.push(...(await runSeed(seed, { startEngine: real, ...adjust })).failures)
  const seed = noticed.length > 0 ? from + seeds - 1 : undefined
  return { name: bug.name, seed, seeds, noticed, falsely }
}
