// The setup of the tests has done this too: the library looks at the classes of IndexedDB.
import 'fake-indexeddb/auto'
import { parseArgs } from 'node:util'
import { bugs } from '.'
import { type Bug, patchesOf } from './bug'
import { patchedLibraries } from './patched-libraries'
import { type Trial, tryBug } from './try-bug'
import { failsWith } from './unit-tests'

const usage = `npm run sim:bugs -- [--bug NAME]... [--most N] [--recorded] [--unit]

  --bug NAME   this one only (may be repeated)
  --most N     how many seeds a bug gets (100)
  --recorded   the recorded seeds only: what npm test runs
  --json       one line a bug, for programs
  --unit       runs the unit test of each bug with the bug in; each must fail`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      bug: { type: 'string', multiple: true },
      most: { type: 'string', default: '100' },
      recorded: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      unit: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(usage)
  // What a broken engine leaves behind is not to end the trial of the next.
  process.on('unhandledRejection', () => {})
  const chosen = bugs.filter(({ name }) => values.bug?.includes(name) ?? true)
  if (values.unit) return runUnitTests(chosen)
  const tried = chosen.map((bug) => {
    return { bug, seeds: values.recorded ? bug.seeds : { from: 1, within: Number(values.most) } }
  })
  const loaded = await patchedLibraries(tried.flatMap(({ bug }) => [patchesOf(bug), bug.stage ?? []]))
  for (const [i, { bug, seeds }] of tried.entries()) {
    const trial = await tryBug(bug, { broken: loaded[2 * i]!, real: loaded[2 * i + 1]! }, seeds)
    console.log(values.json ? JSON.stringify(trial) : line(bug, trial))
    if (trial.seed === undefined || trial.falsely.length > 0) process.exitCode = 1
  }
}

/** A line of the table in `docs/simulation.md`. */
function line({ name, noticedBy, unitTest }: Bug, { seed, seeds, noticed, falsely }: Trial): string {
  const found = seed === undefined ? `not in ${seeds} seeds` : `${seed}`
  const complaints = [...noticed.slice(0, 1), ...falsely.map((one) => `WITHOUT THE BUG: ${one}`)]
  return [
    `| ${name} | ${noticedBy} | ${found} | ${unitTest ?? ''} |`,
    ...complaints.map((one) => `    ${one}`),
  ].join('\n')
}

function runUnitTests(chosen: readonly Bug[]): void {
  for (const bug of chosen) {
    if (!bug.unitTest) continue
    const failed = failsWith(bug, bug.unitTest)
    console.log(
      `| ${bug.name} | ${bug.unitTest} | ${failed ? 'fails, as it should' : 'PASSES WITH THE BUG IN'} |`,
    )
    if (!failed) process.exitCode = 1
  }
}

await main()
