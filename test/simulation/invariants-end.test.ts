import type { CheckMoment } from './history'
import { type Control, tryOn } from './invariants/controls'
import { device, planted, tab } from './invariants/planted-history'
import { nothingAmiss } from './invariants/q16-check'

const unanswered: CheckMoment = { device, tab, askedAt: 1, atRest: false }
const checked = (...list: Partial<CheckMoment>[]) => {
  const plant = planted()
  plant.history.checks.push(...list.map((more) => ({ ...unanswered, ...more })))
  return plant
}

const clean = { found: [] }

const controls: Control[] = [
  {
    invariant: nothingAmiss,
    right: {
      'nothing found while it ran, nor at the end': checked(clean, { ...clean, atRest: true }),
      'a tab that was killed before it was answered': checked({}, { ...clean, atRest: true }),
    },
    wrong: {
      'a finding in the middle': checked({ found: ['row-differs'] }, { ...clean, atRest: true }),
      'a finding at the end': checked({ atRest: true, found: ['orphan-row'] }),
      'no answer at the end': checked(clean, { atRest: true }),
    },
  },
]

tryOn(controls)
