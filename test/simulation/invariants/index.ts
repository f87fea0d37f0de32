import type { Evidence, Invariant } from './invariant'
import { nothingLost } from './q1-nothing-lost'
import { convergence } from './q2-convergence'
import { noDuplicates } from './q3-no-duplicates'
import { causalOrder } from './q4-causal-order'
import { checkpointSoundness } from './q6-checkpoint'
import { noEcho } from './q7-no-echo'
import { fencing } from './q10-fencing'
import { atomicity } from './q11-atomicity'
import { isolation } from './q12-isolation'
import { quiet } from './q15-quiet'
import { keptWord } from './when-pushed'

export const invariants: readonly Invariant[] = [
  nothingLost,
  convergence,
  noDuplicates,
  causalOrder,
  checkpointSoundness,
  noEcho,
  fencing,
  atomicity,
  isolation,
  quiet,
  keptWord,
]

/** Every broken promise of a run, with its name; empty for a good one. */
export function judge(evidence: Evidence): string[] {
  return invariants.flatMap(({ name, judge }) => judge(evidence).map((broken) => `${name}: ${broken}`))
}
