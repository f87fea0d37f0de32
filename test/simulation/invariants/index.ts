import type { Evidence, Invariant, Verdict } from './invariant'
import { nothingLost } from './q1-nothing-lost'
import { convergence } from './q2-convergence'
import { noDuplicates } from './q3-no-duplicates'
import { causalOrder } from './q4-causal-order'
import { terminal } from './q5-terminal'
import { checkpointSoundness } from './q6-checkpoint'
import { noEcho } from './q7-no-echo'
import { policies } from './q8-policies'
import { sessions } from './q9-session'
import { fencing } from './q10-fencing'
import { atomicity } from './q11-atomicity'
import { isolation } from './q12-isolation'
import { politeness } from './q13-politeness'
import { hygiene } from './q14-hygiene'
import { quiet } from './q15-quiet'
import { nothingAmiss } from './q16-check'
import { rolledBack } from './rolled-back'
import { keptWord } from './when-pushed'

export const invariants: readonly Invariant[] = [
  nothingLost,
  convergence,
  noDuplicates,
  causalOrder,
  terminal,
  checkpointSoundness,
  noEcho,
  policies,
  sessions,
  fencing,
  atomicity,
  isolation,
  politeness,
  hygiene,
  quiet,
  nothingAmiss,
  rolledBack,
  keptWord,
]

export function judge(evidence: Evidence): Verdict {
  const reached: Record<string, number> = {}
  const broken = invariants.flatMap(({ name, judge }) => {
    reached[name] = 0
    const reach = () => {
      reached[name]! += 1
    }
    return judge(evidence, reach).map((sentence) => `${name}: ${sentence}`)
  })
  return { broken, reached }
}
