import { mkdir, writeFile } from 'node:fs/promises'
import { ready, type SideName } from './measure'
import type { BenchServer } from './server'
import type { Workload } from './workload'

interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly lineNumber: number }
  readonly children?: readonly number[]
}

/** Profiles one run of the page's main thread, writes it for DevTools, and answers the functions with most time. */
export async function profile(
  server: BenchServer,
  workload: Workload,
  side: SideName,
  folder: string,
): Promise<string[]> {
  const chromium = await ready(server, workload, side)
  try {
    await chromium.tab('Profiler.enable')
    await chromium.tab('Profiler.setSamplingInterval', { interval: 200 })
    await chromium.tab('Profiler.start')
    await chromium.evaluate('bench.run()')
    const { profile } = await chromium.tab<{ profile: CpuProfile }>('Profiler.stop')
    await mkdir(folder, { recursive: true })
    await writeFile(`${folder}/${workload.name}.${side}.cpuprofile`, JSON.stringify(profile))
    return topOf(profile, 25)
  } finally {
    await chromium.close()
  }
}

/** Functions by own time, in ms, with the time of everything they called beside it. */
export function topOf({ nodes, samples, timeDeltas }: CpuProfile, count: number): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const own = new Map<number, number>()
  samples.forEach((id, i) => {
    own.set(id, (own.get(id) ?? 0) + timeDeltas[i]! / 1000)
  })
  const self = new Map<string, number>()
  const total = new Map<string, number>()
  const nameOf = ({ callFrame: { functionName, lineNumber } }: ProfileNode) =>
    `${functionName || '(anonymous)'}:${lineNumber + 1}`
  const walk = (node: ProfileNode, above: ReadonlySet<string>): number => {
    const name = nameOf(node)
    const inside = new Set(above).add(name)
    let time = own.get(node.id) ?? 0
    self.set(name, (self.get(name) ?? 0) + time)
    for (const child of node.children ?? []) time += walk(byId.get(child)!, inside)
    // A function that calls itself is counted once.
    if (!above.has(name)) total.set(name, (total.get(name) ?? 0) + time)
    return time
  }
  walk(nodes[0]!, new Set())
  return [...self]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(
      ([name, ms]) =>
        `${ms.toFixed(1).padStart(8)} own ${total.get(name)!.toFixed(1).padStart(8)} in all  ${name}`,
    )
}
