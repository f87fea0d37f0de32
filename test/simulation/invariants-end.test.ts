import { describe, expect, it } from 'vitest'
import type { CheckMoment } from './history'
import type { Invariant } from './invariants/invariant'
import { device, type Planted, planted, tab } from './invariants/planted-history'
import { nothingAmiss } from './invariants/q16-check'

interface Control {
  readonly invariant: Invariant
  /** Histories that keep the promise, and histories that break it. */
  readonly right: Record<string, Planted>
  readonly wrong: Record<string, Planted>
}

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

describe.each(controls)('$invariant.name', ({ invariant, right, wrong }) => {
  it.each(Object.entries(right))('accepts %s', (_, { evidence }) => {
    let judged = 0
    expect(invariant.judge(evidence, () => judged++)).toEqual([])
    expect(judged).toBeGreaterThan(0)
  })

  it.each(Object.entries(wrong))('rejects %s', (_, { evidence }) => {
    expect(invariant.judge(evidence, () => {})).not.toEqual([])
  })
})
