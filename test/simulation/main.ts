// First, as in the tests: the library looks at the classes of IndexedDB.
import 'fake-indexeddb/auto'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Case, caseOf } from './case'
import { startLibrary } from './library'
import { type Report, replayCommand, runCase } from './run'
import { runShards } from './shards'
import { shrink } from './shrink'
import { add, emptyTally, figures } from './tally'

const usage = `npm run sim -- [--seeds N] [--from S] [--minutes M]
npm run sim -- --seed S [--trace] [--shrink [--save NAME]]

  --seeds N    how many seeds to run (100), on all cores
  --from S     the first of them (1)
  --minutes M  go on with more until so many minutes are over (0)
  --seed S     this one only
  --trace      print every step
  --shrink     if it fails: make it small and print what is left
  --save NAME  keep what is left as test/simulation/regressions/NAME.json`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '0' },
      seed: { type: 'string' },
      trace: { type: 'boolean', default: false },
      shrink: { type: 'boolean', default: false },
      save: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(usage)
  if (values.seed === undefined) {
    return many({
      from: Number(values.from),
      seeds: Number(values.seeds),
      minutes: Number(values.minutes),
    })
  }
  const whole = caseOf(Number(values.seed))
  const report = await run(whole, values.trace)
  console.log(report)
  tell(report)
  if (report.failures.length > 0 && values.shrink) await makeSmall(whole, report, values.save)
}

async function many(order: Parameters<typeof runShards>[0]): Promise<void> {
  const began = performance.now()
  let tally = emptyTally
  await runShards(order, (report) => {
    tally = add(tally, report)
    tell(report)
    if (tally.seeds % 500 === 0) console.log(`${tally.seeds} seeds, ${tally.failed.length} failed so far`)
  })
  console.log(figures(tally, performance.now() - began))
}

function tell({ seed, failures }: Report): void {
  for (const failure of failures) console.log(`seed ${seed}: ${failure}`)
  if (failures.length === 0) return
  process.exitCode = 1
  console.log(`  ${replayCommand(seed)}`)
}

/** Looks for the fewest operations and faults that break the same promise. */
async function makeSmall(whole: Case, { failures }: Report, name: string | undefined): Promise<void> {
  const promise = failures[0]!.split(':')[0]!
  const fails = async (smaller: Case) =>
    (await run(smaller)).failures.some((failure) => failure.startsWith(promise))
  const small = await shrink(whole, fails, 1_000)
  const found = (await run(small)).failures[0]
  for (const operation of small.operations) console.log(JSON.stringify(operation))
  console.log(`${small.operations.length} of ${whole.operations.length} operations: ${found}`)
  const file = new URL(`regressions/${name}.json`, import.meta.url)
  if (name) writeFileSync(file, `${JSON.stringify({ found, ...small }, undefined, 2)}\n`)
}

function run(each: Case, trace = false): Promise<Report> {
  const heard = trace ? { trace: (line: string) => console.log(line) } : {}
  return runCase(each, { startEngine: startLibrary, ...heard })
}

await main()
