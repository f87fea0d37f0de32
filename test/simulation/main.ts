// The setup of the tests has done this too: the library looks at the classes of IndexedDB.
import { parseArgs } from 'node:util'
import { startLibrary } from './library'
import { type Report, replayCommand, runSeed } from './run'

const usage = `npm run sim -- [--seeds N] [--from S] [--seed S] [--trace]

  --seeds N   how many seeds to run (100)
  --from S    the first of them (1)
  --seed S    this one only
  --trace     print every step`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      trace: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(usage)
  const first = Number(values.seed ?? values.from)
  const count = values.seed === undefined ? Number(values.seeds) : 1
  const reports: Report[] = []
  const began = performance.now()
  for (let seed = first; seed < first + count; seed++) {
    const trace = values.trace ? { trace: (line: string) => console.log(line) } : {}
    const report = await runSeed(seed, { startEngine: startLibrary, ...trace })
    reports.push(report)
    for (const failure of report.failures) console.log(`seed ${seed}: ${failure}`)
    if (report.failures.length > 0) console.log(`  ${replayCommand(seed)}`)
  }
  if (values.seed !== undefined) console.log(reports[0])
  console.log(summary(reports, performance.now() - began))
  process.exitCode = reports.some(({ failures }) => failures.length > 0) ? 1 : 0
}

function summary(reports: readonly Report[], ms: number): string {
  const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0)
  const failed = reports.filter(({ failures }) => failures.length > 0)
  return [
    `${reports.length} seeds, ${failed.length} failed${failed.length > 0 ? `: ${failed.map(({ seed }) => seed).join(' ')}` : ''}`,
    `${((reports.length * 1_000) / ms).toFixed(1)} seeds/s, ${sum(({ steps }) => steps)} steps`,
    `${sum(({ writes }) => writes.acknowledged)} writes acknowledged, ${sum(({ effects }) => effects)} effects, ${sum(({ requests }) => requests)} requests`,
    `${sum(({ tabs }) => tabs['killed-in-transaction'] ?? 0)} kills in a transaction, ${sum(({ tabs }) => tabs.killed ?? 0)} others`,
    `${sum(({ conflicts }) => conflicts)} conflicts, ${sum(({ deadLetters }) => deadLetters)} dead letters`,
  ].join('\n')
}

await main()
