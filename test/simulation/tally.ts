import type { Report } from './run'

/** Sums over many runs. */
export interface Tally {
  readonly seeds: number
  readonly failed: readonly { readonly seed: number; readonly failures: readonly string[] }[]
  readonly steps: number
  readonly operations: number
  readonly requests: number
  readonly effects: number
  readonly acknowledged: number
  readonly deadLetters: number
  /** How often each fault struck. */
  readonly faults: Readonly<Record<string, number>>
  /** Seeds with at least one. */
  readonly with: Readonly<Record<Milestone, number>>
  /** How many things each invariant has judged. */
  readonly reached: Readonly<Record<string, number>>
}

/** What most seeds must have met. */
export const milestones = ['conflict', 'kill in a transaction', 'change of leader'] as const
export type Milestone = (typeof milestones)[number]

export const emptyTally: Tally = {
  seeds: 0,
  failed: [],
  steps: 0,
  operations: 0,
  requests: 0,
  effects: 0,
  acknowledged: 0,
  deadLetters: 0,
  faults: {},
  with: { conflict: 0, 'kill in a transaction': 0, 'change of leader': 0 },
  reached: {},
}

export function add(tally: Tally, report: Report): Tally {
  const { seed, failures } = report
  return {
    seeds: tally.seeds + 1,
    failed: failures.length > 0 ? [...tally.failed, { seed, failures }] : tally.failed,
    steps: tally.steps + report.steps,
    operations: tally.operations + report.operations,
    requests: tally.requests + report.requests,
    effects: tally.effects + report.effects,
    acknowledged: tally.acknowledged + report.writes.acknowledged,
    deadLetters: tally.deadLetters + report.deadLetters,
    faults: sums(tally.faults, report.faults),
    with: {
      conflict: tally.with.conflict + Math.min(1, report.conflicts),
      'kill in a transaction':
        tally.with['kill in a transaction'] + Math.min(1, report.tabs['killed-in-transaction'] ?? 0),
      'change of leader': tally.with['change of leader'] + Math.min(1, report.leaderChanges),
    },
    reached: sums(tally.reached, report.reached),
  }
}

function sums(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Record<string, number> {
  const all = { ...one }
  for (const [name, count] of Object.entries(other)) all[name] = (all[name] ?? 0) + count
  return all
}

export interface Demands {
  /** Each of these struck at least so often. */
  readonly faults: readonly string[]
  readonly strikes: number
  /** Part of the seeds that met each milestone. */
  readonly share: number
  /** Each of these has judged something. */
  readonly invariants: readonly string[]
}

/** What was not met often enough for silence to mean anything, one sentence each. */
export function shortfalls(tally: Tally, demands: Demands): string[] {
  const count = (sums: Readonly<Record<string, number>>, name: string) => sums[name] ?? 0
  return [
    ...demands.faults
      .filter((name) => count(tally.faults, name) < demands.strikes)
      .map((name) => `${name} struck ${count(tally.faults, name)} times of ${demands.strikes}`),
    ...milestones
      .filter((name) => tally.with[name] < demands.share * tally.seeds)
      .map((name) => `${tally.with[name]} of ${tally.seeds} seeds had a ${name}`),
    ...demands.invariants
      .filter((name) => count(tally.reached, name) === 0)
      .map((name) => `nothing was judged by ${name}`),
  ]
}

/** The figures, a line each. */
export function figures(tally: Tally, ms: number): string {
  const share = (name: Milestone) => `${Math.round((100 * tally.with[name]) / Math.max(1, tally.seeds))} %`
  const list = (sums: Readonly<Record<string, number>>) =>
    Object.entries(sums)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')
  const failed = tally.failed.map(({ seed }) => seed).join(' ')
  return [
    `${tally.seeds} seeds, ${tally.failed.length} failed${failed && `: ${failed}`}`,
    `${((tally.seeds * 1_000) / ms).toFixed(1)} seeds/s, ${tally.steps} steps, ${tally.operations} operations`,
    `${tally.acknowledged} writes acknowledged, ${tally.effects} effects, ${tally.requests} requests, ${tally.deadLetters} dead letters`,
    `seeds with a ${milestones.map((name) => `${name} ${share(name)}`).join(', with a ')}`,
    `faults: ${list(tally.faults)}`,
    `judged: ${list(tally.reached)}`,
  ].join('\n')
}
