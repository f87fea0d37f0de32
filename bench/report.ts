import { mkdir, writeFile } from 'node:fs/promises'
import { type Comparison, compare, type Samples } from './statistics'
import type { Workload } from './workload'

export interface Result {
  readonly workload: Workload
  readonly samples: Samples
}

const columns = ['workload', 'wall', 'rounds', 'gate', '', 'CPU', 'ms base', 'ms ours'] as const
const widths = [72, 6, 14, 6, 8, 6, 9, 9]

export function heading(): string {
  return line(columns)
}

/** One line of the table. */
export function lineOf({ workload, samples }: Result): string {
  const { wall, cpu, spread, medians } = compare(samples)
  const gate = workload.gate === undefined ? '' : workload.gate.toFixed(2)
  return line([
    workload.title,
    wall.toFixed(2),
    spread.map((ratio) => ratio.toFixed(2)).join('..'),
    gate,
    workload.gate === undefined ? '' : isMet(workload, wall) ? 'met' : 'NOT MET',
    cpu.toFixed(2),
    medians.base.wall.toFixed(0),
    medians.ours.wall.toFixed(0),
  ])
}

/** Whether a workload stays within its gate; one without a gate does. */
export function isWithinGate({ workload, samples }: Result): boolean {
  return isMet(workload, compare(samples).wall)
}

function isMet({ gate }: Workload, ratio: number): boolean {
  return gate === undefined || ratio <= gate
}

/** Writes everything measured as JSON and answers the file. */
export async function writeResults(
  results: readonly Result[],
  folder: string,
  name: string,
): Promise<string> {
  const all = results.map(({ workload: { name, title, gate }, samples }) => {
    const comparison: Comparison = compare(samples)
    return { name, title, gate, ...comparison, samples }
  })
  await mkdir(folder, { recursive: true })
  const file = `${folder}/${name}.json`
  await writeFile(file, `${JSON.stringify(all, null, 2)}\n`)
  return file
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
    .join(' ')
    .trimEnd()
}
