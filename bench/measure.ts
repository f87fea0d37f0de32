import { Chromium } from './chromium'
import type { BenchServer } from './server'
import type { Sample, Samples } from './statistics'
import type { Workload } from './workload'

export type SideName = 'base' | 'ours'

/** Opens a fresh browser in which a side is ready to run. */
export async function ready(server: BenchServer, workload: Workload, side: SideName): Promise<Chromium> {
  await fetch(`${server.url}/control?rows=0`)
  const chromium = await Chromium.open(server.url)
  try {
    await chromium.evaluate(
      'new Promise((done) => document.readyState === "complete" ? done() : onload = done)',
    )
    await rest()
    await chromium.evaluate(`bench.prepare(${JSON.stringify(workload.name)}, '${side}')`)
    return chromium
  } catch (error) {
    await chromium.close()
    throw error
  }
}

/** A browser that was just started, and a store that was just filled, have work of their own to finish. */
function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 700))
}

async function once(server: BenchServer, workload: Workload, side: SideName): Promise<Sample> {
  const chromium = await ready(server, workload, side)
  try {
    const before = await chromium.cpu()
    const wall = await chromium.evaluate<number>('bench.run()')
    const cpu = (await chromium.cpu()) - before
    await chromium.evaluate('bench.check()')
    return { wall, cpu }
  } finally {
    await chromium.close()
  }
}

/** Both sides of a workload, interleaved: each round begins with the other one. */
export async function measure(server: BenchServer, workload: Workload, rounds: number): Promise<Samples> {
  const samples: Record<SideName, Sample[]> = { base: [], ours: [] }
  for (let round = 0; round < rounds; round++) {
    const order: SideName[] = round % 2 === 0 ? ['base', 'ours'] : ['ours', 'base']
    for (const side of order) samples[side].push(await once(server, workload, side))
  }
  return samples
}
