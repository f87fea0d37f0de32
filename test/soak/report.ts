import { kills } from './device'
import { faults } from './faults'
import type { Round } from './round'
import type { SoakReport } from './soak'

const columns = ['round', 'writes', 'requests', ...faults, ...kills, 'rest s']
const held = ['heap MB', 'listeners', 'locks', 'channels']

/** What the figures of a round mean, and the names of the columns. */
export function heading(): string {
  const devices = ['A', 'B'].flatMap((name) => held.map((what) => `${name} ${what}`))
  return row([...columns, ...devices, 'uncaught'])
}

export function lineOf(number: number, round: Round): string {
  const { acknowledged, requests, restTook, vitals, complaints } = round
  return row([
    number,
    acknowledged,
    requests,
    ...faults.map((fault) => round.faults.get(fault) ?? 0),
    ...kills.map((kill) => round.kills.get(kill) ?? 0),
    restTook.toFixed(1),
    ...vitals.flatMap(({ heap, listeners, locks, channels }) => [
      heap.toFixed(2),
      listeners,
      locks.length,
      channels,
    ]),
    complaints,
  ])
}

/** The end of a run in words. `baseline` is the number of the round the last is compared to. */
export function summary({ rounds, rows, ...report }: SoakReport, baseline: number): string {
  const total = (of: (round: Round) => number) => rounds.reduce((sum, round) => sum + of(round), 0)
  const all = (counts: (round: Round) => ReadonlyMap<string, number>) =>
    total((round) => [...counts(round).values()].reduce((sum, count) => sum + count, 0))
  const heaps = rounds[baseline]!.vitals.map(
    ({ heap }, device) => `${(rounds.at(-1)!.vitals[device]!.heap / heap).toFixed(2)}`,
  )
  const errors = [...report.errors].map(([code, count]) => `${code} ${count}`)
  return [
    `${total(({ acknowledged }) => acknowledged)} writes acknowledged, ${total(({ requests }) => requests)} requests, ${all((round) => round.faults)} faults, ${all((round) => round.kills)} kills`,
    `${report.conflicts} conflicts, ${report.deadLetters} dead letters, ${rows} rows in the end; errors told: ${errors.join(', ') || 'none'}`,
    `heap of the last round to that of round ${baseline + 1}: ${heaps.join(' and ')}`,
    ...report.failures.slice(0, 50).map((failure) => `FAILED ${failure}`),
    report.failures.length > 0
      ? `${report.failures.length} failures`
      : 'All rows are equal, nothing is lost.',
  ].join('\n')
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`
}
