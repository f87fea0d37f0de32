import { fileURLToPath } from 'node:url'
import { measure } from './measure'
import { readOptions } from './options'
import { pageScript } from './page-script'
import { profile } from './profile'
import { heading, isWithinGate, lineOf, type Result, writeResults } from './report'
import { startServer } from './server'
import { workloads } from './workloads/index'

const folder = fileURLToPath(new URL('./results', import.meta.url))
const options = readOptions(process.argv.slice(2))
const chosen = workloads.filter(
  ({ name }) => options.only.length === 0 || options.only.some((part) => isNamed(name, part)),
)
if (chosen.length === 0)
  throw new Error(`No such workload; there are ${workloads.map(({ name }) => name).join(', ')}`)

const server = await startServer(await pageScript(options.profile))
try {
  if (options.profile) await profileAll()
  else await measureAll()
} finally {
  await server.close()
}

/** By its whole name, or by the part before a dash: `bulk` is all of `bulk-add`, `bulk-put-new` … */
function isNamed(name: string, part: string): boolean {
  return name === part || name.startsWith(`${part}-`)
}

async function measureAll(): Promise<void> {
  const results: Result[] = []
  console.log(heading())
  for (const workload of chosen) {
    const samples = await measure(server, workload, options.rounds ?? workload.rounds ?? 5)
    results.push({ workload, samples })
    console.log(lineOf({ workload, samples }))
  }
  const name = new Date().toISOString().replaceAll(/[:.]/g, '-')
  console.log(
    `\nRatios of medians, ours to the base's. Everything measured: ${await writeResults(results, folder, name)}`,
  )
  if (options.gate && !results.every(isWithinGate)) process.exitCode = 1
}

async function profileAll(): Promise<void> {
  for (const workload of chosen)
    for (const side of ['base', 'ours'] as const) {
      console.log(`\n${workload.name}, ${side}: ms of the main thread`)
      for (const line of await profile(server, workload, side, folder)) console.log(line)
    }
}
