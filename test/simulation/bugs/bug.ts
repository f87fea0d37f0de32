import type { Swarm } from '../swarm'

/** A bug as a change of the text of `src`: what somebody might write there and believe right. */
export interface Bug {
  readonly name: string
  readonly patches: readonly Patch[]
  /** Changes that are no bug but let it show (a smaller slice); the real code runs with them as well. */
  readonly stage?: readonly Patch[]
  /** The invariant that must notice, by the beginning of its name. */
  readonly noticedBy: `Q${number}`
  /** What `npm test` runs: from this seed on, at most so many, until it is noticed. */
  readonly seeds: Seeds
  /** The world it shows in: faults it hides behind. */
  readonly needs?: (config: Swarm) => Swarm
  /** A test file outside the simulation that has been seen to fail with the bug in. Absent: none has been. */
  readonly unitTest?: string
}

export interface Seeds {
  readonly from: number
  readonly within: number
}

export interface Patch {
  /** From the root of the repository. */
  readonly file: string
  /** There exactly once. */
  readonly find: string
  readonly replace: string
}

/** The text with the patches of this file in. @throws where one does not apply exactly once */
export function patched(text: string, patches: readonly Patch[]): string {
  return patches.reduce((code, { file, find, replace }) => {
    const [before, after, ...more] = code.split(find)
    if (after === undefined || more.length > 0)
      throw new Error(`${file}: ${more.length + (after === undefined ? 0 : 1)} times, not once: ${find}`)
    return `${before}${replace}${after}`
  }, text)
}

export function patchesOf({ patches, stage = [] }: Bug): readonly Patch[] {
  return [...stage, ...patches]
}
