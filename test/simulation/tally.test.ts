import { describe, expect, it } from 'vitest'
import type { Report } from './run'
import { add, emptyTally, figures, shortfalls } from './tally'

function report(more: Partial<Report>): Report {
  return {
    seed: 1,
    failures: [],
    steps: 10,
    operations: 5,
    requests: 2,
    effects: 1,
    writes: { acknowledged: 1, failed: 0, unknown: 0 },
    deadLetters: 0,
    conflicts: 0,
    leaderChanges: 0,
    tabs: {},
    faults: {},
    reached: {},
    ...more,
  } as Report
}

const good = report({
  conflicts: 3,
  leaderChanges: 1,
  tabs: { 'killed-in-transaction': 2 },
  faults: { portal: 60, busy: 100 },
  reached: { Q1: 4 },
})
const demands = { faults: ['portal', 'busy'], strikes: 100, share: 0.6, invariants: ['Q1', 'Q2'] }

describe('the numbers of many runs', () => {
  it('says what was met too seldom', () => {
    const tally = [good, report({ seed: 2 })].reduce(add, emptyTally)
    expect(shortfalls(tally, demands)).toEqual([
      'portal struck 60 times of 100',
      '1 of 2 seeds had a conflict',
      '1 of 2 seeds had a kill in a transaction',
      '1 of 2 seeds had a change of leader',
      'nothing was judged by Q2',
    ])
  })

  it('is content where all was met', () => {
    const tally = [good, good].reduce(add, emptyTally)
    expect(shortfalls(tally, { ...demands, invariants: ['Q1'] })).toEqual([])
  })

  it('names the seeds that failed', () => {
    const tally = add(emptyTally, report({ seed: 77, failures: ['Q1: lost'] }))
    expect(figures(tally, 1_000)).toContain('1 seeds, 1 failed: 77')
  })
})
