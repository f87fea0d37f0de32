import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Report } from './run'

export interface Order {
  /** The first seed; the others follow it. */
  readonly from: number
  /** Seeds that are run in any case. */
  readonly seeds: number
  /** Until so many minutes are over there are more. */
  readonly minutes: number
  /** Seeds that are run before all others. */
  readonly first?: readonly number[]
}

/**
 * Runs seeds in processes of their own, one for each core, each of which asks for the next seed when it has done one.
 * A process that dies is a failure of the seed it ran.
 */
export async function runShards(order: Order, heard: (report: Report) => void): Promise<void> {
  const until = performance.now() + order.minutes * 60_000
  const first = [...(order.first ?? [])]
  let next = order.from
  const more = () => first.length > 0 || next < order.from + order.seeds || performance.now() < until
  const shard = async () => {
    const child = startShard()
    try {
      while (more()) heard(await ask(child, first.shift() ?? next++))
    } finally {
      child.kill()
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), order.seeds) }, shard))
}

function startShard(): ChildProcess {
  return fork(fileURLToPath(new URL('./shard.ts', import.meta.url)), {
    // Rows live for a moment only: with more room for the young they are seldom copied.
    execArgv: ['--import', 'tsx', '--max-semi-space-size=64'],
  })
}

function ask(child: ChildProcess, seed: number): Promise<Report> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) => reject(new Error(`seed ${seed}: its process ended with ${code}`))
    child.once('exit', died)
    child.once('message', (report) => {
      child.off('exit', died)
      resolve(report as Report)
    })
    child.send(seed)
  })
}
