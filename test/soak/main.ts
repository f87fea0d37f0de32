import { parseArgs } from 'node:util'
import { heading, lineOf, summary } from './report'
import { runSoak } from './soak'

const usage = `npm run soak -- [--minutes N] [--seed S]

  --minutes N   how long to work (10): in rounds of a minute, from 3 on; shorter runs in two halves
  --seed S      of faults, kills and work (1); what meets what is left to the machine

Ends with 1 where a row differs, a write is lost or doubled, something has leaked or an error was not caught.`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  })
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)]
  if (values.help || !(minutes > 0) || !Number.isInteger(seed)) return console.log(usage)
  const inHalves = minutes < 3
  const rounds = inHalves ? 2 : Math.round(minutes)
  const roundLength = inHalves ? minutes * 30 : 60
  const baseline = inHalves ? 0 : 1
  console.log(
    `Seed ${seed}: ${rounds} rounds of ${roundLength} s, each followed by a rest in which the tabs that stay are measured; ` +
      `the last is compared to ${inHalves ? 'the first, as the run is short' : 'the second'}.\n`,
  )
  console.log(heading())
  console.log(heading().replaceAll(/[^|]+/g, ' --- '))
  let number = 0
  const report = await runSoak({
    seed,
    rounds,
    roundLength,
    baseline,
    report(round) {
      number += 1
      console.log(lineOf(number, round))
    },
  })
  console.log(`\n${summary(report, baseline)}`)
  process.exitCode = report.failures.length > 0 ? 1 : 0
}

await main()
